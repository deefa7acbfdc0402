package lint

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// credentialsHeading is that of the credential report of AWS IAM (IAM User
// Guide, "Understanding the report format"), with columns of our own behind it.
var credentialsHeading = strings.Fields(`user arn user_creation_time
	password_enabled password_last_used password_last_changed password_next_rotation mfa_active
	access_key_1_active access_key_1_last_rotated access_key_1_last_used_date access_key_1_last_used_region access_key_1_last_used_service
	access_key_2_active access_key_2_last_rotated access_key_2_last_used_date access_key_2_last_used_region access_key_2_last_used_service
	cert_1_active cert_1_last_rotated cert_2_active cert_2_last_rotated
	owner owner_kind owner_active state expires access_key_1_last_used_ip access_key_2_last_used_ip
	errors warnings infos score rules`)

// What the report of AWS says where there is nothing to say.
const (
	notApplicable = "N/A"
	notSupported  = "not_supported"
	noInformation = "no_information" // never used
)

// WriteCredentials writes a key a line in the columns of the credential report
// of AWS IAM, so that what reads that report reads this one. What stands for a
// user there is a key here: access key 1 is its current secret, access key 2 the
// retiring one while both work. The service of a use is its route, and there are
// no regions. Passwords, MFA and certificates are not_supported.
//
// A cell that a spreadsheet would take for a formula begins with an apostrophe.
func WriteCredentials(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	if err := out.Write(credentialsHeading); err != nil {
		return err
	}
	counts, rules := ByObject(r.Findings), map[string][]string{}
	for _, f := range r.Findings {
		rules[f.Object.ID] = append(rules[f.Object.ID], f.Rule)
	}
	for _, k := range r.keys() {
		id := string(k.ID)
		row := r.credentials(k, counts[id], slices.Compact(rules[id]))
		for i, cell := range row {
			row[i] = trail.Cell(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// keys returns the keys by owner and name.
func (r Report) keys() []keystore.KeyView {
	keys := slices.Clone(r.Keys)
	slices.SortFunc(keys, func(a, b keystore.KeyView) int {
		return cmp.Or(strings.Compare(a.Owner.Name, b.Owner.Name), strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	return keys
}

func (r Report) credentials(k keystore.KeyView, c Counts, rules []string) []string {
	none := func(n int, word string) []string { return slices.Repeat([]string{word}, n) }
	state := k.StateAt(r.Time, 0)
	current, retiring, rotating := k.Current(), keystore.Secret{}, false
	if retiring, rotating = k.RetiringAt(r.Time); !rotating {
		retiring = keystore.Secret{}
	}
	first, firstIP := r.accessKey(current, state.Works())
	second, secondIP := r.accessKey(retiring, state.Works() && rotating)
	expires := "never"
	if !k.Expires.IsZero() {
		expires = isoTime(k.Expires)
	}
	name := redact(cmp.Or(r.Prefix, token.DefaultPrefix), k.Ref())
	return slices.Concat(
		[]string{name, "pakdeck:" + strings.TrimPrefix(r.StoreID, "pakdeck/") + ":key/" + string(k.ID), isoTime(k.Created)},
		none(1, notSupported), none(3, notSupported), none(1, notSupported),
		first, second,
		none(4, notSupported),
		[]string{
			k.Owner.Name, string(k.Owner.Kind), strconv.FormatBool(!k.Owner.Disabled), string(state), expires, firstIP, secondIP,
			strconv.Itoa(c.Error), strconv.Itoa(c.Warning), strconv.Itoa(c.Info), strconv.Itoa(c.Score()), strings.Join(rules, " "),
		},
	)
}

// accessKey returns the columns of one secret, and the address it was last used
// from.
func (r Report) accessKey(s keystore.Secret, works bool) (cells []string, ip string) {
	if s.ID == (token.ID{}) {
		return []string{"false", notApplicable, notApplicable, notApplicable, notApplicable}, notApplicable
	}
	last := r.Uses[s.ID].Last
	cells = []string{strconv.FormatBool(works), isoTime(s.Created), noInformation, notApplicable, notApplicable}
	if last.Time.IsZero() {
		return cells, notApplicable
	}
	cells[2], cells[4], ip = isoTime(last.Time), cmp.Or(last.Route, notApplicable), notApplicable
	if last.IP.IsValid() {
		ip = last.IP.String()
	}
	return cells, ip
}

// isoTime writes an instant as the report of AWS does: "2026-11-23T14:32:00+00:00".
func isoTime(t time.Time) string {
	if t.IsZero() {
		return notApplicable
	}
	return t.UTC().Format("2006-01-02T15:04:05-07:00")
}

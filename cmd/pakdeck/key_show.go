package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) keyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show KEY", Short: "Show a key", Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			k, err := st.Key(ctx, args[0])
			if err != nil {
				return err
			}
			callers, err := callersOf(ctx, st, k.Key)
			if err != nil {
				return err
			}
			v := a.viewer(ctx, st)
			if a.json {
				j, err := v.key(k)
				if err != nil {
					return err
				}
				return a.printJSON(shownJSON{j, callersJSON(told(callers))})
			}
			rows, err := keyRows(k, v)
			if err != nil {
				return err
			}
			return a.printRows(append(rows, listRows("callers 30d", "none", callerLines(callers, v.now))...))
		}),
	}
}

// shownJSON is what key show --json writes: the callers are those of the last
// 30 days.
type shownJSON struct {
	keyJSON
	Callers []callerJSON `json:"callers"`
}

func callersOf(ctx context.Context, st *keystore.Store, k keystore.Key) ([]usage.Caller, error) {
	r, err := usage.Load(ctx, st, usage.OfKeys(k), usage.Window(st.Now(), 30*24*time.Hour))
	if err != nil {
		return nil, err
	}
	return r.Callers(), nil
}

// mostCallerLines is how many callers key show tells; usage tells all.
const mostCallerLines = 5

func callerLines(callers []usage.Caller, now time.Time) []string {
	var out []string
	for _, c := range atMost(callers, mostCallerLines) {
		out = append(out, callerLine(c, now))
	}
	if more := len(callers) - len(out); more > 0 {
		out = append(out, fmt.Sprintf("and %s more: pakdeck usage", text.Count(more)))
	}
	return out
}

func callerLine(c usage.Caller, now time.Time) string {
	who := "all others"
	if !c.Beyond() {
		who = strings.Join(slices.DeleteFunc([]string{c.IP.String(), severalWord(c.Agent), severalWord(c.Route)}, func(s string) bool { return s == "" }), " ")
	}
	line := who + ": " + text.Plural(c.Total(), "use")
	if n := c.Denied() + c.Unproven(); n > 0 {
		line += ", " + text.Count(n) + " denied"
	}
	return line + ", last " + ago(c.Last, now) + " ago"
}

func severalWord(s string) string {
	if s == usage.Several {
		return ""
	}
	return s
}

// keyRows are all that is known of a key.
func keyRows(k keystore.KeyView, v viewer) ([][]string, error) {
	rows := append([][]string{
		{"key", k.Ref()},
		{"id", string(k.ID)},
	}, draftRows(k, v)...)
	rows = append(rows, endRows(k, v)...)
	secrets, err := v.records().Secrets(k)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, s := range secrets {
		lines = append(lines, secretLine(s, v))
	}
	rows = append(rows, listRows("secrets", "none", lines)...)
	rows = append(rows, usesRows(k.Uses, v)...)
	return append(rows, [][]string{
		{"created", instant(k.Created).String()},
		{"updated", instant(k.Updated).String()},
		{"version", strconv.FormatUint(k.Version, 10)},
	}...), nil
}

// secretLine tells of one generation of the secret. Who still tries one that
// has ended is told.
func secretLine(s secretJSON, v viewer) string {
	line := fmt.Sprintf("%s %s, made %s, first used %s", s.ID, s.State, s.Created, s.FirstUsed.Or("never"))
	switch {
	case s.State == keystore.Retiring && s.Grace != "" && time.Time(s.Retires).IsZero():
		line += ", retires " + s.Grace + " after the first use of the new one"
	case s.State == keystore.Retiring:
		line += ", retires " + s.Retires.Or("by hand")
	case s.State == keystore.Retired && s.Tried != nil:
		line += fmt.Sprintf(", refused %s since, last %s ago from %s", times(s.Refused), ago(time.Time(s.Tried.Time), v.now), cmp.Or(s.Tried.IP, "an unknown address"))
	}
	return line
}

func times(n uint64) string {
	if n == 1 {
		return "once"
	}
	return text.Count(n) + " times"
}

// endRows say why a key does not work.
func endRows(k keystore.KeyView, v viewer) [][]string {
	var rows [][]string
	if due := k.RotateBy(v.policy); !due.IsZero() && k.Revoked.IsZero() {
		rows = append(rows, []string{"rotate by", expiryText(due, v.now)})
	}
	if k.WarnBefore > 0 {
		rows = append(rows, []string{"warn", intervalText(k.WarnBefore) + " before it expires"})
	}
	if !k.Revoked.IsZero() {
		rows = append(rows, []string{"revoked", instant(k.Revoked).String() + ": " + k.RevokeReason})
	}
	if !k.DisabledAt.IsZero() {
		rows = append(rows, []string{"disabled", instant(k.DisabledAt).String()})
	}
	if k.Owner.Disabled {
		rows = append(rows, []string{"owner", "disabled"})
	}
	return rows
}

func usesRows(u keystore.Uses, v viewer) [][]string {
	return [][]string{
		{"uses", text.Count(u.OK)},
		{"last used", sightingText(u.Last, v)},
		{"denied", deniedText(u.Denied)},
		{"last denied", sightingText(u.LastDenied, v)},
	}
}

func sightingText(s keystore.Sighting, v viewer) string {
	if s.Time.IsZero() {
		return "never"
	}
	parts := []string{instant(s.Time).String() + " (" + expiry.In(s.Time, v.now) + ")"}
	if s.IP.IsValid() {
		parts = append(parts, "from "+s.IP.String())
	}
	if s.Route != "" {
		parts = append(parts, s.Route)
	}
	if s.Agent != "" {
		parts = append(parts, "with "+s.Agent)
	}
	return strings.Join(parts, ", ")
}

func deniedText(denied map[keystore.Outcome]uint64) string {
	if len(denied) == 0 {
		return "0"
	}
	var parts []string
	for _, o := range slices.Sorted(maps.Keys(denied)) {
		parts = append(parts, text.Count(denied[o])+" "+string(o))
	}
	return strings.Join(parts, ", ")
}

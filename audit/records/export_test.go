package records_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sample returns two keys, one of them in a rotation and named to do harm, and
// their key strings.
func sample(t *testing.T) (v records.Viewer, keys []keystore.KeyView, secrets []string) {
	t.Helper()
	st := storetest.New(t, keystore.WithClock(func() time.Time { return now }))
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	for _, name := range []string{"ci", "=cmd|'/C calc'!A0"} {
		k, secret, err := st.CreateKey(t.Context(), keystore.NewKey{
			User: u.ID, Name: name, Expires: now.Add(90 * 24 * time.Hour), Rules: iprule.Rules{Allow: []iprule.Entry{{Prefix: netip.MustParsePrefix("10.0.0.0/8"), Note: "lab"}}},
		})
		must(t, err)
		secrets = append(secrets, secret.Reveal())
		s := keystore.Sighting{Time: now, Caller: keystore.Caller{IP: netip.MustParseAddr("192.0.2.1"), Agent: "curl"}}
		must(t, st.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{k.Current().ID: {First: s, Last: s, OK: 3}}}))
	}
	keys, err = st.Keys(t.Context())
	must(t, err)
	k, secret, err := st.RotateKey(t.Context(), keys[1].ID, keys[1].Version, keystore.Rotation{After: 2 * time.Hour})
	must(t, err)
	k.Uses = keys[1].Uses
	keys[1] = k
	v = records.Viewer{Now: now, Policy: keystore.DefaultPolicy(), Uses: func(k keystore.Key) (keystore.Uses, error) { return st.Uses(t.Context(), k) }}
	return v, keys, append(secrets, secret.Reveal())
}

func export(t *testing.T, f records.Format) (string, []string) {
	t.Helper()
	v, keys, secrets := sample(t)
	var out strings.Builder
	var told []int
	must(t, records.Export(t.Context(), &out, f, v, keys, func(n int) { told = append(told, n) }))
	if len(told) != 2 || told[1] != 2 {
		t.Errorf("told %v", told)
	}
	for _, s := range secrets {
		if strings.Contains(out.String(), s[20:40]) {
			t.Error("a secret is in the export")
		}
	}
	return out.String(), secrets
}

func TestALineIsAKey(t *testing.T) {
	text, _ := export(t, records.NDJSON)
	var got []records.Key
	for line := range strings.Lines(text) {
		var k struct {
			Name    string
			Expires time.Time
			Secrets []struct{ State, Grace string }
			Allow   []struct{ Prefix, Note string }
			Uses    int
		}
		must(t, json.Unmarshal([]byte(line), &k))
		got = append(got, records.Key{Name: k.Name})
		if k.Uses != 3 || len(k.Allow) != 1 || k.Allow[0].Note != "lab" || !k.Expires.Equal(now.Add(90*24*time.Hour)) {
			t.Errorf("%+v", k)
		}
		if len(k.Secrets) == 2 && k.Secrets[1].Grace != "2 hours" {
			t.Errorf("%+v", k.Secrets)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d lines:\n%s", len(got), text)
	}
}

func TestATableIsHarmlessInASpreadsheet(t *testing.T) {
	text, _ := export(t, records.CSV)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "id" || len(rows[0]) != len(rows[1]) {
		t.Fatalf("%v: %q", err, rows)
	}
	if names := []string{rows[1][2], rows[2][2]}; !slices.Contains(names, "'=cmd|'/C calc'!A0") {
		t.Errorf("the names are %q", names)
	}
	if got := strings.Join(rows[1][8:10], " "); got != "2027-02-21T14:32:00Z 10.0.0.0/8 # lab" {
		t.Errorf("expiry and addresses: %q", got)
	}
}

func TestAFileIsNewAndNothingIsLeftOfAStoppedOne(t *testing.T) {
	v, keys, _ := sample(t)
	path := filepath.Join(t.TempDir(), "keys.csv")
	ctx, stop := context.WithCancel(t.Context())
	if err := records.ExportFile(ctx, path, records.CSV, v, keys, func(int) { stop() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("half a file was left")
	}
	must(t, records.ExportFile(t.Context(), path, records.CSV, v, keys, func(int) {}))
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := records.ExportFile(t.Context(), path, records.CSV, v, keys, func(int) {}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	if _, err := records.ParseFormat("xml"); err == nil {
		t.Error("xml is no format")
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{24 * time.Hour: "1 day", 36 * time.Hour: "36 hours", 90 * time.Minute: "90 minutes", time.Minute: "1 minute"} {
		if got := records.Span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

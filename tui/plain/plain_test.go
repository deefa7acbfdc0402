package plain_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
)

// converse types lines and returns all that was said.
func converse(t *testing.T, st *decktest.Store, lines ...string) string {
	t.Helper()
	return converseAt(t, st, draft.Desk{}, lines...)
}

// converseAt is converse for an operator whose drafts lie on a desk.
func converseAt(t *testing.T, st *decktest.Store, desk draft.Desk, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	err := plain.Run(t.Context(), plain.Options{
		Store: st.Store, In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &out, Home: filepath.Dir(st.Path()), Desk: desk,
	})
	if err != nil {
		t.Fatalf("Run = %v\n%s", err, out.String())
	}
	return out.String()
}

func want(t *testing.T, said string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(said, s) {
			t.Errorf("nothing was said of %q:\n%s", s, said)
		}
	}
}

var keyString = regexp.MustCompile(`(?m)^pak_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$`)

func TestAKeyIsIssuedWithNothingButLines(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "new", "?", "build-bot", "nightly", "builds at night", "deploy:write", "90d", "10.4.7.0/26", "-", "10.4.7.9", "", "yes", "")
	want(t, said, "build-bot, service", "10.4.7.9: allowed by a1", "Owner: build-bot. Name: nightly. May do: deploy:write.", "Issued build-bot/nightly.", "stays in the history")
	if len(keyString.FindAllString(said, -1)) != 1 {
		t.Errorf("the key string is not there once, on a line of its own:\n%s", said)
	}
	k := st.Key("build-bot/nightly")
	if k.Description != "builds at night" || len(k.Rules.Allow) != 1 || k.Expires.IsZero() {
		t.Errorf("issued %+v", k.Key)
	}
}

func TestThePolicyMayForbidPlainFiles(t *testing.T) {
	st := decktest.Sample(t)
	if err := os.WriteFile(st.PolicyPath(), []byte("[key]\nallow_plain_files = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "nightly.pak")
	said := converse(t, st, "clone build-bot/ci-deploy-staging", "", "nightly", "", "", "30d", "", "", "", "yes", path, "", "none",
		"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	want(t, said, "a key may be saved to an encrypted file only", "Saved "+path+", encrypted")
}

func TestASavedKeyIsNotShown(t *testing.T) {
	st := decktest.Sample(t)
	path := filepath.Join(t.TempDir(), "nightly.pak")
	there := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said := converse(t, st, "clone build-bot/ci-deploy-staging", "", "nightly", "", "", "30d", "", "", "", "yes", there, path, "", "")
	want(t, said, "exists already", "Saved "+path)
	if keyString.MatchString(said) {
		t.Errorf("the key string was shown:\n%s", said)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	like, k := st.Key("build-bot/ci-deploy-staging"), st.Key("build-bot/nightly")
	if k.Rules.Allow[0] != like.Rules.Allow[0] || len(k.Scopes) != len(like.Scopes) {
		t.Errorf("the clone has %+v %v, not %+v %v", k.Rules, k.Scopes, like.Rules, like.Scopes)
	}
}

func TestTheKeyStringIsShownWhenTheInputEndsTooSoon(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "new", "build-bot", "nightly", "", "", "90d", "", "", "yes")
	if !keyString.MatchString(said) {
		t.Errorf("the key exists, but nobody has its string:\n%s", said)
	}
}

func TestKeysAreSwitchedRestrictedAndEnded(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(
		t, st,
		"keys metrics", "disable 1", "yes",
		"network build-bot/metrics-pusher", "10.4.7.0/24, 2001:db8::/32", "10.4.7.9", "10.4.7.9", "10.4.7.8", "nonsense", "", "yes",
		"enable build-bot/metrics-pusher",
		"edit build-bot/metrics-pusher", "metrics", "", "", "never", "-", "200d", "90min", "30d", "", "yes",
		"revoke build-bot/metrics", "leaked", "metrics",
	)
	want(
		t, said, "1. build-bot/metrics-pusher, expiring", "Disabled build-bot/metrics-pusher.",
		"10.4.7.9: denied by d1", "10.4.7.8: allowed by a1", `"nonsense" is no address`, "Allow: none -> 10.4.7.0/24, 2001:db8::/32", "Changed build-bot/metrics-pusher.",
		"Enabled build-bot/metrics-pusher.", "it has to begin", "Name: metrics-pusher -> metrics", "Expires: 2026-11-29 14:32 UTC, in 6 d -> 2027-06-1", "Rotate every: policy -> 720h", "Revoked build-bot/metrics.",
	)
	if k := st.Key("build-bot/metrics"); k.RevokeReason != "leaked" || len(k.Rules.Allow) != 2 || len(k.Rules.Deny) != 1 {
		t.Errorf("the key is %+v", k.Key)
	}
}

func TestUsersAreAddedChangedAndSwitched(t *testing.T) {
	const to = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	st := decktest.Sample(t)
	said := converse(
		t, st,
		"adduser", "not a name", "night-bot", "robot", "service", "", "ops@corp", "deploy:write", "age1nonsense", "", "yes",
		"edituser night-bot", "nightly", "", "no", "-", "deploy:* chat:read", to, "yes",
		"disableuser edge", "yes", "enableuser edge", "user edge",
	)
	want(
		t, said, "age1nonsense", "Added night-bot.", "night-bot will be nightly, service, contact none, may do chat:read deploy:*, files encrypted to "+to, "Changed nightly.", "These keys will be refused: ", "edge-gateway-eu",
		"Disabled edge.", "To take that back: undo", "Enabled edge.", "1. edge/edge-gateway-eu",
	)
	if u := st.User("nightly"); u.Contact != "" || len(u.Permissions) != 2 || u.Recipient != to {
		t.Errorf("the user is %+v", u)
	}
}

func TestOnlyAYesChangesAnything(t *testing.T) {
	st := decktest.Sample(t)
	before, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][]string{
		{"disable build-bot/metrics-pusher", "no"},
		{"disable build-bot/metrics-pusher", ""},
		{"disable build-bot/metrics-pusher", "."},
		{"disable build-bot/metrics-pusher"},
		{"revoke build-bot/metrics-pusher", "leaked", "metrics"},
		{"revoke build-bot/metrics-pusher", "leaked", "."},
		{"new", "build-bot", "nightly", "", "", "90d", "", "", "y"},
		{"new", "build-bot", "nightly", "."},
		{"edit build-bot/metrics-pusher", "", "", "", "", "", "", ""},
		{"network build-bot/metrics-pusher", "0.0.0.0/0", "-", "", "yes"},
		{"disableuser edge", "nein"},
		{"adduser", "night-bot", "", "", "", "."},
		{"disable nonsense", "yes"},
		{"enable partners/partner-initech"},
		{"frobnicate", "yes", "\x1b[2J"},
	} {
		said := converse(t, st, lines...)
		if strings.ContainsAny(said, "\x1b\a") {
			t.Errorf("%q is answered with %q", lines, said)
		}
	}
	if after, err := st.Head(t.Context()); err != nil || after.Size != before.Size {
		t.Errorf("something was written: %v, %v", after, err)
	}
}

func TestAReadOnlyStoreIsOnlyRead(t *testing.T) {
	st := decktest.Sample(t, keystore.WithReadOnly())
	want(t, converse(t, st, "keys", "disable 1", "new", "lint", ".", "journal"), "14 keys.", "Failed: "+keystore.ErrReadOnly.Error(), "findings.", "records in the journal")
}

func TestAConflictTellsBothSides(t *testing.T) {
	st := decktest.Sample(t)
	other := st.Open()
	in, out := &steps{}, &bytes.Buffer{}
	in.then("disable build-bot/metrics-pusher\n", nil)
	in.then("yes\n", func() {
		k := other.Key("build-bot/metrics-pusher")
		name := "renamed"
		if _, err := other.EditKey(t.Context(), k.ID, k.Version, keystore.KeyEdit{Name: &name}); err != nil {
			t.Error(err)
		}
	})
	if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: in, Out: out}); err != nil {
		t.Fatal(err)
	}
	want(t, out.String(), "build-bot/metrics-pusher was used", "Nothing was changed by you. It is now:", "Key: build-bot/renamed")
}

// steps is a reader that does something before it gives a line.
type steps struct {
	lines []string
	do    []func()
}

func (s *steps) then(line string, do func()) { s.lines, s.do = append(s.lines, line), append(s.do, do) }

func (s *steps) Read(p []byte) (int, error) {
	if len(s.lines) == 0 {
		return 0, errEnd
	}
	if do := s.do[0]; do != nil {
		do()
	}
	n := copy(p, s.lines[0])
	s.lines, s.do = s.lines[1:], s.do[1:]
	return n, nil
}

var errEnd = errors.New("the line is dead")

func TestTheEndOfTheContextIsTold(t *testing.T) {
	st := decktest.Sample(t)
	ctx, stop := context.WithCancelCause(t.Context())
	in := &steps{}
	in.then("keys\n", func() { stop(errEnd) })
	err := plain.Run(ctx, plain.Options{Store: st.Store, In: in, Out: &bytes.Buffer{}})
	if !errors.Is(err, errEnd) {
		t.Errorf("Run = %v", err)
	}
}

func TestALineWithoutEndIsTold(t *testing.T) {
	want(t, converse(t, decktest.Sample(t), strings.Repeat("x", 100<<10), "keys"), "a line is longer than 65536 bytes")
}

func TestLongListsComeInPages(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "lint", ".", "keys")
	want(t, said, " more. Enter goes on, a dot stops: ", "14 keys.")
}

func TestStoredTextIsHarmless(t *testing.T) {
	st := decktest.Sample(t)
	edge := st.User("edge")
	for _, name := range []string{"\u202eevil\u2066", "\u200bzero", "\u0301mark"} {
		if _, _, err := st.CreateKey(t.Context(), keystore.NewKey{User: edge.ID, Name: name}); err != nil {
			continue // refused is harmless, too
		}
		if said := converse(t, st, "keys", "key edge/"+name, "revoke edge/"+name, "leaked", "."); strings.ContainsAny(said, "\u202e\u2066\u200b\x1b") {
			t.Errorf("%q is shown as it is:\n%s", name, said)
		}
	}
}

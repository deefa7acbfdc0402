package trail_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func use(outcome, ip string) journal.Record {
	return journal.Record{
		Time: now.Add(-time.Hour), Event: "use", Outcome: outcome,
		Actor:  journal.Actor{User: "pakdeck", Via: "serve"},
		Object: journal.Object{Kind: "key", ID: "k1", Name: "Build-Bot/ci-deploy"},
		Source: journal.Source{IP: ip, Agent: "curl/8.5", Route: "GET /v1/models", Secret: "4kTMd9zqW8aB"},
	}
}

func TestFilterMatches(t *testing.T) {
	denied := use("ip_denied", "203.0.113.70")
	edit := journal.Record{
		Time: now.Add(-48 * time.Hour), Event: "user.edit", Outcome: "ok", Reason: "moved team",
		Actor: journal.Actor{User: "mira", Via: "tui"}, Object: journal.Object{Kind: "user", ID: "u1", Name: "build-bot"},
	}
	for filter, want := range map[string][2]bool{
		"":                           {true, true},
		"event:use":                  {true, false},
		"!event:use":                 {false, true},
		"outcome:ip_denied":          {true, false},
		"!outcome:ok":                {true, false},
		"ip:203.0.113.0/24":          {true, false},
		"ip:203.0.113.71":            {false, false},
		"ip:::ffff:203.0.113.70":     {true, false},
		"user:build-bot":             {true, true},
		"user:build":                 {false, false},
		"key:ci-dep":                 {true, false},
		"key:k1":                     {true, false},
		"key:4kTMd9zqW8aB":           {true, false},
		"operator:mira":              {false, true},
		"via:serve":                  {true, false},
		"agent:CURL route:/models":   {true, false},
		"since:1d":                   {true, false},
		"until:1d":                   {false, true},
		"since:2026-11-21 until:1h":  {false, true},
		"moved":                      {false, true},
		"deploy !outcome:ok ip:::/0": {false, false},
		"Build-Bot  ":                {true, true},
		`key:"ci-deploy"`:            {true, false},
		"key:other,CI-deploy":        {true, false},
		"event:key,user.edit":        {false, true},
		"event:edit":                 {false, true},
		"outcome:denied":             {true, false},
		"!outcome:denied":            {false, true},
		"secret:4kTMd9zqW8aB":        {true, false},
		"secret:4ktmd9zqw8ab":        {false, false},
		"fingerprint:00ff":           {false, false},
		`"moved team"`:               {false, true},
		"since:3d until:90m":         {false, true},
	} {
		f, err := trail.Parse(filter, now)
		if err != nil {
			t.Errorf("%q: %v", filter, err)
			continue
		}
		if got := [2]bool{f.Match(denied), f.Match(edit)}; got != want {
			t.Errorf("%q matches %v, want %v", filter, got, want)
		}
	}
}

func TestFilterErrorsQuoteTheWord(t *testing.T) {
	for _, filter := range []string{"colour:red", "key:", "!", "ip:300.1.1.1", "since:soon", "!since:7d", "since:-3d", "since:1d,2d", "event:key.kreate", "event:ke", "outcome:maybe", "since:99999w", `key:"open`, ":x"} {
		if f, err := trail.Parse(filter, now); err == nil {
			t.Errorf("%q is accepted as %+v", filter, f)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("key:a !outcome:ok since:7d")
	f.Add("ip:10.0.0.0/8 until:2026-11-23T10:00:00Z")
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := trail.Parse(s, now)
		if err != nil {
			return
		}
		again, err := trail.Parse(filter.String(), now)
		if err != nil || again.String() != filter.String() {
			t.Errorf("%q prints as %q, which parses to %q (%v)", s, filter, again, err)
		}
		filter.Match(use("ok", "10.0.0.1"))
	})
}

func TestFieldExamplesAreFilters(t *testing.T) {
	for _, f := range trail.Fields() {
		if _, err := trail.Parse(f.Example, now); err != nil || f.Help == "" {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func newStore(t *testing.T, users int) *keystore.Store {
	t.Helper()
	st, err := keystore.Create(t.Context(), filepath.Join(t.TempDir(), "store.db"), keystore.CreateOptions{},
		keystore.WithClock(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	for i := range users {
		if _, err := st.AddUser(t.Context(), keystore.NewUser{Name: "user" + string(rune('a'+i))}); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

func TestPagesJoinToTheWholeJournal(t *testing.T) {
	st := newStore(t, 7)
	var seqs []int64
	for from := int64(trail.Newest); ; {
		p, err := trail.Backwards(t.Context(), st, trail.Filter{}, from, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Entries {
			seqs = append(seqs, e.Seq)
		}
		if from = p.Next; from < 0 {
			break
		}
	}
	if want := []int64{7, 6, 5, 4, 3, 2, 1, 0}; !slices.Equal(seqs, want) {
		t.Errorf("records %v, want %v", seqs, want)
	}
}

func TestForwardsGoesOnWhereItEnded(t *testing.T) {
	st := newStore(t, 2)
	f, err := trail.Parse("event:user.create", now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	read := func(from, want int64, limit int) {
		t.Helper()
		p, err := trail.Forwards(t.Context(), st, f, from, limit)
		if err != nil || p.Next != want {
			t.Fatalf("next = %d, %v; want %d", p.Next, err, want)
		}
		for _, e := range p.Entries {
			got = append(got, e.Object.Name)
		}
	}
	read(0, 2, 1)
	read(2, 3, 9)
	if _, err := st.AddUser(t.Context(), keystore.NewUser{Name: "late"}); err != nil {
		t.Fatal(err)
	}
	read(3, 4, 9)
	read(4, 4, 9)
	if want := []string{"usera", "userb", "late"}; !slices.Equal(got, want) {
		t.Errorf("names %v, want %v", got, want)
	}
}

// What the index of the journal finds is what a search through all of it finds.
func TestTheIndexFindsWhatASearchFinds(t *testing.T) {
	st := newStore(t, 5)
	ctx := t.Context()
	users, err := st.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var notable []keystore.Use
	for i, u := range users {
		k, _, err := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "ci"})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 20 + i {
			notable = append(notable, keystore.Use{Sighting: keystore.Sighting{Time: now}, Outcome: keystore.OK, Key: k.ID, Ref: u.Name + "/ci"},
				keystore.Use{Sighting: keystore.Sighting{Time: now}, Outcome: keystore.Unknown, Fingerprint: st.Fingerprint(string(rune('a' + n)))})
		}
	}
	if err := st.RecordUses(ctx, keystore.UseBatch{Notable: notable}); err != nil {
		t.Fatal(err)
	}
	key := string(notable[0].Key)
	for _, text := range []string{
		"key:" + key, "user:" + users[1].Name, "user:" + strings.ToUpper(string(users[2].ID)), "event:key", "event:user,key", "event:use", "event:overflow,key",
		"fingerprint:" + st.Fingerprint("c"), "key:" + key + " event:use", "!key:" + key, "!event:use user:" + users[0].Name, "key:" + key + "," + string(users[0].ID), "user:nobody",
	} {
		f, err := trail.Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		err = st.Journal(ctx, 0, func(seq int64, raw []byte) error {
			r, err := journal.Decode(raw)
			if err == nil && f.Match(r) {
				want = append(want, seq)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var on, back []int64
		for from := int64(0); ; {
			p, err := trail.Forwards(ctx, st, f, from, 7)
			if err != nil {
				t.Fatal(err)
			}
			if p.Next == from {
				break
			}
			for _, e := range p.Entries {
				on = append(on, e.Seq)
			}
			from = p.Next
		}
		for from := int64(trail.Newest); ; {
			p, err := trail.Backwards(ctx, st, f, from, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range p.Entries {
				back = append(back, e.Seq)
			}
			if from = p.Next; from < 0 {
				break
			}
		}
		slices.Reverse(back)
		if !slices.Equal(on, want) || !slices.Equal(back, want) {
			t.Errorf("%s: %v on, %v back, want %v", text, on, back, want)
		}
	}
}

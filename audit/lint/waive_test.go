package lint

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

// withKey returns a store with a key that never ends, opened by mira.
func withKey(t *testing.T) (*keystore.Store, keystore.KeyView) {
	t.Helper()
	st := storetest.New(t).As(keystore.Actor{UID: 1000, User: "mira"})
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot", Kind: keystore.Service, Contact: "team", Permissions: []keystore.Scope{"a:*"}})
	if err != nil {
		t.Fatal(err)
	}
	k, _, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "sync", Description: "syncs", Scopes: []keystore.Scope{"a:b"}})
	if err != nil {
		t.Fatal(err)
	}
	return st, k
}

// lastRecord returns the newest record of the journal and how many there are.
func lastRecord(t *testing.T, st *keystore.Store) (last journal.Record, n int) {
	t.Helper()
	err := st.Journal(t.Context(), 0, func(_ int64, raw []byte) (err error) {
		n++
		last, err = journal.Decode(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return last, n
}

func TestAWaiverIsKeptAndJournalled(t *testing.T) {
	st, k := withKey(t)
	o := Object{KindKey, string(k.ID), k.Ref()}
	until := st.Now().Add(30 * day).Truncate(time.Second)
	if _, err := Waive(t.Context(), st, "pak101", o, "sealed device", until); err != nil {
		t.Fatal(err)
	}
	list, err := Waivers(t.Context(), st)
	if err != nil || len(list) != 1 || list[0].Author != "mira" || list[0].Rule != "PAK101" || !list[0].Until.Equal(until) || list[0].Object != o {
		t.Fatalf("%+v, %v", list, err)
	}
	r, n := lastRecord(t, st)
	if r.Event != "lint.waive" || r.Object.ID != o.ID || r.Reason != "sealed device" || r.Diff[0].Field != "waiver PAK101" {
		t.Errorf("record %+v", r)
	}
	if found(t, take(t, st), "PAK101") != nil {
		t.Error("what was waived counts")
	}
	if _, err := Waive(t.Context(), st, "PAK101", o, "still sealed", until.Add(day)); err != nil {
		t.Fatal(err)
	}
	if list, _ := Waivers(t.Context(), st); len(list) != 1 || list[0].Reason != "still sealed" {
		t.Errorf("waived again: %+v", list)
	}
	if _, err := Unwaive(t.Context(), st, "PAK101", o.ID); err != nil {
		t.Fatal(err)
	}
	r, m := lastRecord(t, st)
	if r.Event != "lint.unwaive" || m != n+2 || len(found(t, take(t, st), "PAK101")) != 1 {
		t.Errorf("record %+v of %d", r, m)
	}
	if _, err := Unwaive(t.Context(), st, "PAK101", o.ID); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestAWaiverThatSaysTooLittleIsRefused(t *testing.T) {
	st, k := withKey(t)
	key := Object{KindKey, string(k.ID), k.Ref()}
	_, before := lastRecord(t, st)
	for _, c := range []struct {
		rule, reason string
		o            Object
		in           time.Duration
		want         string
	}{
		{"PAK999", "why", key, day, "does not exist"},
		{"PAK307", "why", key, day, "judges no key bot/sync"},
		{"PAK101", "why", Object{Kind: KindKey}, day, "cannot be waived for it"},
		{"PAK902", "why", Object{Kind: ""}, day, "cannot be waived"},
		{"PAK101", "", key, day, "must not be empty"},
		{"PAK101", "a\x1b[2Jb", key, day, "control"},
		{"PAK101", "why", key, 0, "is in the past"},
	} {
		_, err := Waive(t.Context(), st, c.rule, c.o, c.reason, st.Now().Add(c.in))
		if !errors.Is(err, keystore.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.rule, err, c.want)
		}
	}
	if _, n := lastRecord(t, st); n != before {
		t.Errorf("%d records were written", n-before)
	}
}

func TestADamagedWaiverIsReported(t *testing.T) {
	if _, err := decodeWaiver([]byte{0xff}); err == nil {
		t.Error("a damaged row was read")
	}
}

package keystore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func TestUsesAreRecordedWithWhatStandsBesideThemOrNotAtAll(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	k, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "ci"})
	must(t, err)
	id := k.Current().ID
	seen := keystore.Sighting{Time: epoch}
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: {First: seen, Last: seen, OK: 3}}}
	broken := errors.New("broken")
	for _, fail := range []error{broken, nil} {
		err := f.RecordUses(t.Context(), b, mine.Beside(func(w kv.Writer, at time.Time) error {
			if !at.Equal(epoch) {
				t.Errorf("the batch is of %v", at)
			}
			must(t, w.Put([]byte("a"), []byte("a")))
			return fail
		}))
		if !errors.Is(err, fail) {
			t.Fatalf("RecordUses = %v, want %v", err, fail)
		}
		want := 0
		if fail == nil {
			want = 1
		}
		got, err := f.SecretUses(t.Context(), id, token.ID([]byte("nobodys00000")))
		must(t, err)
		if rows := f.scan(mine, kv.Range{}); len(rows) != want || got.OK != uint64(3*want) {
			t.Errorf("after %v: %q and %d uses", fail, rows, got.OK)
		}
	}
}

func TestCountsAddUp(t *testing.T) {
	at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
	var sum keystore.Count
	for _, c := range []keystore.Count{{N: 1, First: at(5), Last: at(5)}, {N: 2, First: at(3), Last: at(9)}, {N: 4}} {
		sum = sum.Add(c)
	}
	if want := (keystore.Count{N: 7, First: at(3), Last: at(9)}); sum != want {
		t.Errorf("%+v", sum)
	}
	if keystore.HourOf(time.Time{}) != 0 || keystore.HourOf(time.Unix(7199, 999)) != 1 {
		t.Error("the hours are not counted from 1970")
	}
}

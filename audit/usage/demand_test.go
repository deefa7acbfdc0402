package usage

import (
	"fmt"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// demand records that uses of a secret needed scopes.
func (f *fixture) demand(id token.ID, scopes ...keystore.Scope) {
	f.t.Helper()
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: {OK: 1}}, Demands: map[token.ID][]keystore.Scope{id: scopes}}
	if err := NewRecorder(f.Store).Record(f.t.Context(), b); err != nil {
		f.t.Fatal(err)
	}
}

func TestDemandsAreKeptByTheDay(t *testing.T) {
	f := newFixture(t)
	f.Set(epoch)
	f.demand(one, "a:b", "c:d")
	f.Set(epoch.Add(30 * 24 * time.Hour))
	f.demand(one, "a:b")
	f.demand(two, "e:f")
	all, err := AllDemands(t.Context(), f.Store)
	if err != nil || len(all) != 2 || !all[one].Since.Equal(epoch.Truncate(24*time.Hour)) {
		t.Fatalf("%+v, %v", all, err)
	}
	now := epoch.Add(30 * 24 * time.Hour)
	if got := fmt.Sprint(all[one].After(epoch), all[one].After(now)); got != "[a:b c:d] [a:b]" {
		t.Errorf("%s", got)
	}
	sum, known, err := DemandsOf(t.Context(), f.Store, keystore.Key{Secrets: []keystore.Secret{{ID: one}, {ID: two}, {ID: token.ID{9}}}})
	if err != nil || !known || fmt.Sprint(sum.After(now)) != "[a:b e:f]" || !sum.Since.Equal(all[one].Since) || sum.More {
		t.Errorf("%+v, %v, %v", sum, known, err)
	}
	if _, known, err := DemandsOf(t.Context(), f.Store, keystore.Key{Secrets: []keystore.Secret{{ID: token.ID{9}}}}); known || err != nil {
		t.Errorf("of a secret that nobody demanded anything of: %v, %v", known, err)
	}
}

func TestDemandsAreBounded(t *testing.T) {
	f := newFixture(t)
	for i := range keystore.MostDemands {
		f.demand(one, keystore.Scope(fmt.Sprintf("s:a%d", i)))
	}
	if d, _, err := DemandsOf(t.Context(), f.Store, keystore.Key{Secrets: []keystore.Secret{{ID: one}}}); err != nil || d.More || len(d.Last) != keystore.MostDemands {
		t.Errorf("at the bound: %d, more %v, %v", len(d.Last), d.More, err)
	}
	f.demand(one, "t:x", "s:a1")
	if d, _, err := DemandsOf(t.Context(), f.Store, keystore.Key{Secrets: []keystore.Secret{{ID: one}}}); err != nil || !d.More || len(d.Last) != keystore.MostDemands {
		t.Errorf("beyond it: %d, more %v, %v", len(d.Last), d.More, err)
	}
}

func FuzzDecodeDemands(f *testing.F) {
	b, err := cbor.Marshal(demandRecord{Since: 20000, Last: map[string]int64{"a:b": 20001}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeDemands(b)
		if err != nil {
			return
		}
		_ = r.demands().After(epoch)
	})
}

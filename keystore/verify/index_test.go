package verify

import (
	"fmt"
	"sync"
	"testing"
	"unsafe"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// id returns a secret id that a number stands for.
func id(n int) token.ID { return token.ID([]byte(fmt.Sprintf("%012d", n))) }

func keyOf(n int, name string) keystore.Key {
	return keystore.Key{
		ID: keystore.KeyID(fmt.Sprint(n)), User: "u", Name: name,
		Secrets: []keystore.Secret{{ID: id(n), Pepper: "p", State: keystore.Current}},
	}
}

func TestTheIndexGrowsKeyByKey(t *testing.T) {
	x := indexOf(keystore.User{ID: "u", Name: "bot"})
	const keys = 5000
	for n := range keys {
		x.apply(keystore.Changes{Keys: []keystore.Key{keyOf(n, "first")}})
	}
	for n := 0; n < keys; n += 2 {
		x.apply(keystore.Changes{Keys: []keystore.Key{keyOf(n, "second")}})
	}
	if x.len() != keys {
		t.Fatalf("%d secrets, want %d", x.len(), keys)
	}
	for n := range keys {
		want := []string{"second", "first"}[n%2]
		if e := x.get(id(n)); e == nil || e.id != id(n) || e.subject.Name != want {
			t.Fatalf("key %d: %+v", n, e)
		}
	}
	if e := x.get(id(keys)); e != nil {
		t.Errorf("a secret that was never put: %+v", e)
	}
	if table := *x.slots.Load(); len(table) < 2*keys {
		t.Errorf("%d slots for %d secrets: searches would be long", len(table), keys)
	}
}

// What a decision reads, and the cell of the most usual caller, lie in two cache
// lines.
func TestAnEntryFillsThreeCacheLines(t *testing.T) {
	const line = 64
	var e entry
	if at := unsafe.Offsetof(e.near); at != 2*line || unsafe.Sizeof(e) != 3*line {
		t.Errorf("most cells begin at byte %d of %d", at, unsafe.Sizeof(e))
	}
}

func TestAnEmptyIndexFindsNothing(t *testing.T) {
	x := newIndex(nil)
	if x.get(id(1)) != nil || x.len() != 0 {
		t.Error("something is in an empty index")
	}
	x.apply(keystore.Changes{All: true})
	if x.get(id(1)) != nil {
		t.Error("something is in the index of an empty store")
	}
}

func TestAKeyIsNeverMissedWhileTheIndexGrows(t *testing.T) {
	x := indexOf(keystore.User{ID: "u"}, keyOf(0, "k"))
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if e := x.get(id(0)); e == nil || e.id != id(0) {
					t.Error("the key was not found")
					return
				}
			}
		})
	}
	for n := range 3000 {
		x.apply(keystore.Changes{Keys: []keystore.Key{keyOf(n, "k")}})
	}
	close(stop)
	readers.Wait()
}

func TestKeysShareWhatIsEqualAndNothingElse(t *testing.T) {
	p := newPool()
	allow, deny := iprule.Rules{Allow: prefixes("10.0.0.0/8")}, iprule.Rules{Deny: prefixes("10.0.0.0/8")}
	noted := iprule.Rules{Allow: []iprule.Entry{{Prefix: allow.Allow[0].Prefix, Note: "office"}}}
	if p.rules(allow) != p.rules(noted) {
		t.Error("equal rules are kept twice")
	}
	if p.rules(allow) == p.rules(deny) || p.rules(allow) == p.rules(iprule.Rules{Allow: prefixes("10.0.0.0/9")}) {
		t.Error("different rules are taken for equal")
	}
	if p.rules(iprule.Rules{}) != nil {
		t.Error("no rules are something")
	}
	read, write := []keystore.Scope{"chat:read"}, []keystore.Scope{"chat:write"}
	if p.scopes(read) != p.scopes([]keystore.Scope{"chat:read"}) || p.scopes(read) == p.scopes(write) || len(p.scopes(nil).list) != 0 {
		t.Error("scopes are mixed up")
	}
}

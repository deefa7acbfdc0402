package order_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/order"
)

func TestKeysAreSorted(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	key := func(name string, age, life time.Duration, uses uint64) keystore.KeyView {
		k := keystore.KeyView{Owner: keystore.User{Name: "bot"}}
		k.Name, k.Created, k.Uses.OK = name, now.Add(-age), uses
		if life != 0 {
			k.Expires = now.Add(life)
		}
		return k
	}
	for by, want := range map[string]string{
		"name": "a b c", "-name": "c b a", "created": "b a c", "expires": "c b a", "-expires": "a b c", "uses": "a c b", "state": "a b c", "used": "a b c",
	} {
		keys := []keystore.KeyView{key("c", 1, -time.Hour, 2), key("a", 2, 0, 1), key("b", 3, time.Hour, 3)}
		if err := order.Sort(keys, by, order.View{Now: now, Warn: time.Minute}); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, k := range keys {
			names = append(names, k.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("by %s: %s, want %s", by, got, want)
		}
	}
	err := order.Sort(nil, "colour", order.View{})
	if err == nil || !strings.Contains(err.Error(), "created, expires, name, state, used or uses") {
		t.Errorf("by colour: %v", err)
	}
}

package verify

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func TestDemandedScopesAreToldOnceADay(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:*", "file:read")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	failing := false
	var told map[token.ID][]keystore.Scope
	v := f.verifier(Options{Record: func(_ context.Context, b keystore.UseBatch) error {
		if failing {
			return errLedger
		}
		told = b.Demands
		return nil
	}})
	ask := func(scope keystore.Scope, more ...keystore.Scope) {
		t.Helper()
		v.Verify(Request{Key: key, Caller: from("192.0.2.1"), Scope: scope, More: more})
	}
	flushed := func() string {
		t.Helper()
		told = nil
		if err := v.Flush(t.Context()); err != nil && !failing {
			t.Fatal(err)
		}
		list := slices.Clone(told[k.Current().ID])
		slices.Sort(list)
		return fmt.Sprint(list)
	}
	ask("chat:read")
	ask("chat:read", "file:read")
	ask("admin:all") // refused
	ask("")
	if got := flushed(); got != "[chat:read file:read]" {
		t.Errorf("first %s", got)
	}
	ask("chat:read", "file:read")
	ask("chat:write", "chat:read")
	failing = true
	flushed()
	failing = false
	ask("chat:read")
	if got := flushed(); got != "[chat:write]" {
		t.Errorf("after a batch that could not be written: %s", got)
	}
	f.clock.Add(24 * time.Hour)
	if err := v.sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask("file:read")
	if got := flushed(); got != "[file:read]" {
		t.Errorf("the next day %s", got)
	}
}

func TestOneScopeBeyondTheBoundIsTold(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "s:*")
	k, key := f.key(keystore.NewKey{User: u.ID, Name: "k"})
	got := 0
	v := f.verifier(Options{Record: func(_ context.Context, b keystore.UseBatch) error {
		got += len(b.Demands[k.Current().ID])
		return nil
	}})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 3 * keystore.MostDemands {
				v.Verify(Request{Key: key, Caller: from("192.0.2.1"), Scope: keystore.Scope(fmt.Sprintf("s:a%d", i))})
			}
		})
	}
	wait.Wait()
	if err := v.Flush(t.Context()); err != nil || got != keystore.MostDemands+1 {
		t.Errorf("%d scopes, %v", got, err)
	}
}

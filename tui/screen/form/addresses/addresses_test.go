package addresses_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen/form/addresses"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

var look = theme.New(theme.Mono, theme.Unicode())

func entry(s string) iprule.Entry {
	var e iprule.Entry
	if err := e.UnmarshalText([]byte(s)); err != nil {
		panic(err) // the test is wrong
	}
	return e
}

func sample() iprule.Rules {
	return iprule.Rules{Allow: []iprule.Entry{entry("10.0.0.0/8 # vpn")}, Deny: []iprule.Entry{entry("10.9.0.0/16")}}
}

func editor(rules iprule.Rules) addresses.Model {
	m := addresses.New(look, rules, []addresses.Witness{{Addr: netip.MustParseAddr("10.1.1.1"), Who: "the last caller"}})
	m.SetSize(100, 24)
	return m
}

func typed(m addresses.Model, s string) addresses.Model {
	for _, r := range s {
		m, _ = m.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return m
}

func view(m addresses.Model) string { return strings.Join(m.View(), "\n") }

func TestTheCursorBeginsInTheAllowList(t *testing.T) {
	for _, rules := range []iprule.Rules{{}, sample()} {
		m := editor(rules)
		m.Act("address.add")
		m = typed(m, "192.0.2.1")
		m.Enter()
		if got := m.Rules(); len(got.Allow) != len(rules.Allow)+1 || len(got.Deny) != len(rules.Deny) {
			t.Errorf("added to %+v", got)
		}
	}
}

func TestActionsChangeAndUndo(t *testing.T) {
	m := editor(sample())
	m.Act("address.delete")
	if !m.Changed() || len(m.Rules().Allow) != 0 {
		t.Errorf("deleted: %+v", m.Rules())
	}
	m.Act("address.undo")
	if m.Changed() {
		t.Errorf("undone: %+v", m.Rules())
	}
	m.Act("address.move")
	if len(m.Rules().Deny) != 2 {
		t.Errorf("moved: %+v", m.Rules())
	}
	if m.Act("key.revoke") {
		t.Error("took an action that is none of its own")
	}
}

func TestEveryActionIsKnown(t *testing.T) {
	var ids []string
	for _, a := range addresses.Actions() {
		ids = append(ids, a.ID)
		m := editor(sample())
		if !addresses.Is(a.ID) || !m.Act(a.ID) {
			t.Errorf("%s does nothing", a.ID)
		}
	}
	if !slices.Equal(ids, addresses.IDs) {
		t.Errorf("actions %v, ids %v", ids, addresses.IDs)
	}
}

func TestWhoWouldBeShutOut(t *testing.T) {
	m := editor(sample())
	if got := m.Turned(); len(got) != 0 {
		t.Errorf("unchanged rules shut out %v", got)
	}
	m.Act("address.move")
	if got := m.Turned(); len(got) != 1 || got[0] != "the last caller 10.1.1.1 would be refused" {
		t.Errorf("shut out %v", got)
	}
	fresh := editor(sample()).OfNewKey()
	fresh.Act("address.move")
	if strings.Contains(view(fresh), "before, now") {
		t.Error("a new key has a before")
	}
}

func TestTypingIsEndedByEsc(t *testing.T) {
	m := editor(sample())
	m.Act("address.add")
	if !m.Typing() || m.Unfinished() == "" {
		t.Error("it does not know that something is typed")
	}
	if !m.Close() || m.Typing() || m.Unfinished() != "" {
		t.Error("esc did not end it")
	}
	m.Next()
	if !m.Typing() || !m.Close() || m.Typing() || m.Close() {
		t.Error("esc did not leave the test")
	}
}

func TestRebaseShowsRulesAsChangedFromOthers(t *testing.T) {
	theirs := iprule.Rules{Allow: []iprule.Entry{entry("192.0.2.0/24")}}
	m := editor(sample())
	m.Rebase(theirs, theirs)
	if m.Changed() || len(m.Rules().Deny) != 0 {
		t.Errorf("their rules became %+v", m.Rules())
	}
	m.Rebase(theirs, sample())
	if !m.Changed() || len(m.Rules().Deny) != 1 {
		t.Errorf("other rules became %+v", m.Rules())
	}
}

func TestSizesAreExact(t *testing.T) {
	for _, size := range [][2]int{{0, 1}, {20, 3}, {60, 9}, {78, 16}, {89, 24}, {90, 24}, {140, 40}} {
		for _, do := range []string{"", "address.add", addresses.TestID} {
			m := editor(sample())
			m.Act(do)
			m = typed(m, "10.0.0.9")
			m.SetSize(size[0], size[1])
			lines := m.View()
			if len(lines) != size[1] {
				t.Errorf("%v %s: %d lines", size, do, len(lines))
			}
			for _, line := range lines {
				if text.Width(line) != size[0] {
					t.Errorf("%v %s: %d cells: %q", size, do, text.Width(line), line)
				}
			}
		}
	}
}

func FuzzOperator(f *testing.F) {
	for _, s := range []string{"198.51.100.7 50022 10.0.0.1 22", "", "fe80::1%eth0 1 2 3", "::ffff:10.1.2.3 1", "x\x1b[31m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range addresses.Operator(func(string) string { return s }) {
			if !w.Addr.IsValid() || w.Addr.Zone() != "" || w.Addr.Is4In6() || w.Who != "you" {
				t.Errorf("%q gives %v", s, w)
			}
		}
	})
}

// TestManyProblemsLeaveRoomForTheDryRun: what the lists mean for those who call
// is seen beside them, however much is wrong.
func TestManyProblemsLeaveRoomForTheDryRun(t *testing.T) {
	var rules iprule.Rules
	for i := range 12 {
		rules.Allow = append(rules.Allow, entry(fmt.Sprintf("198.51.100.%d/28", 16*i)))
	}
	m, now := editor(rules), time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	m.SetSeen(whatif.Evidence{
		From: now.Add(-30 * 24 * time.Hour), To: now,
		Addresses: []whatif.Address{{IP: netip.MustParseAddr("203.0.113.5"), OK: 3}},
	})
	m.SetSize(100, 24)
	for _, want := range []string{"PROBLEMS", "more: ! marks the entries", "WHO WOULD GET IN", "DRY RUN", "1 address seen"} {
		if !strings.Contains(view(m), want) {
			t.Errorf("the view lacks %q:\n%s", want, view(m))
		}
	}
}

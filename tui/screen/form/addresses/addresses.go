// Package addresses edits the address rules of a key: the deny list and the
// allow list, with a place to test an address against them.
//
// The lists are those of package keystore/iprule, which also parses what is
// typed and names what is wrong. Every change is held at once against the
// addresses that matter: the operator's own, the key's last caller, and all
// that were seen in the last days, once the owner has told them with
// [Model.SetSeen]. Nothing is saved here; the owner reads [Model.Rules].
package addresses

import (
	"fmt"
	"net/netip"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/iplist"
)

// Witness is an address that the operator wants to know about with every
// change.
type Witness struct {
	Addr netip.Addr
	Who  string // "you", "last caller"
}

// Model is the editor. It is a value; make it with [New].
type Model struct {
	theme     theme.Theme
	list      iplist.Model
	test      field.Model
	testing   bool // the test has the focus
	fresh     bool // nobody has used the rules yet
	before    iprule.Rules
	witnesses []Witness
	seen      *whatif.Evidence // nil: not told
	w, h      int
}

// New returns an editor of rules as they are now.
func New(t theme.Theme, rules iprule.Rules, witnesses []Witness) Model {
	m := Model{
		theme: t, before: rules, witnesses: witnesses, w: 60, h: 16,
		test: field.New(t, "address", field.WithInline(), field.WithPlaceholder("198.51.100.7")),
	}
	m.list = iplist.New(t, m.config())
	keys := iplist.DefaultKeyMap()
	keys.Switch.Unbind() // tab goes to the test; the arrows cross from list to list
	keys.Edit.SetKeys("e")
	m.list.KeyMap = keys
	m.list.SetValue(items(rules.Deny), items(rules.Allow))
	m.list.Focus()
	// Most entries are for the allow list: the cursor begins there.
	for range max(1, len(rules.Deny)) {
		m.list, _ = m.list.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	return m
}

// OfNewKey returns the editor for a key that does not exist yet: what its
// rules were before is of no interest.
func (m Model) OfNewKey() Model {
	m.fresh = true
	return m
}

func (m Model) config() iplist.Config {
	c := iplist.Config{
		Titles: [2]string{"DENY", "ALLOW"}, Letters: [2]string{"d", "a"},
		Remarks: [2]string{"goes first and wins", "empty list = any address"},
		Entry:   "prefix", Entries: "prefixes", Limit: iprule.MaxEntries,
		Parse: parse, ParseList: parseList, Problems: problems,
	}
	if seen := m.seen; seen != nil {
		c.Info = "HITS " + days(*seen)
		c.Infos = func(deny, allow []iplist.Item) [2][]string {
			return hits(iprule.Rules{Deny: entries(deny), Allow: entries(allow)}, *seen)
		}
	}
	return c
}

func items(entries []iprule.Entry) []iplist.Item {
	out := make([]iplist.Item, len(entries))
	for i, e := range entries {
		out[i] = iplist.Item{Text: e.Prefix.String(), Note: e.Note}
	}
	return out
}

// entries is the inverse of items: what is in the lists has been parsed.
func entries(items []iplist.Item) []iprule.Entry {
	var out []iprule.Entry
	for _, item := range items {
		p, err := netip.ParsePrefix(item.Text)
		if err == nil {
			out = append(out, iprule.Entry{Prefix: p, Note: item.Note})
		}
	}
	return out
}

func parse(s string) ([]iplist.Item, string, error) {
	prefixes, hint, err := iprule.Parse(s)
	out := make([]iplist.Item, len(prefixes))
	for i, p := range prefixes {
		out[i] = iplist.Item{Text: p.String()}
	}
	return out, string(hint), err
}

func parseList(s string) ([]iplist.Item, []error) {
	found, wrong := iprule.ParseList(s)
	errs := make([]error, len(wrong))
	for i, e := range wrong {
		errs[i] = e
	}
	return items(found), errs
}

func problems(deny, allow []iplist.Item) []iplist.Problem {
	var out []iplist.Problem
	for _, p := range (iprule.Rules{Deny: entries(deny), Allow: entries(allow)}).Problems() {
		out = append(out, iplist.Problem{Side: side(p.List), Index: p.Index, Tone: tone(p.Level), Text: p.Text})
	}
	return out
}

func side(l iprule.List) iplist.Side {
	if l == iprule.Deny {
		return iplist.First
	}
	return iplist.Second
}

func tone(l iprule.Level) theme.Tone {
	switch l {
	case iprule.LevelError:
		return theme.Bad
	case iprule.LevelWarning:
		return theme.Warn
	}
	return theme.Muted
}

// Rules returns the rules as they are now.
func (m Model) Rules() iprule.Rules {
	deny, allow := m.list.Value()
	return iprule.Rules{Allow: entries(allow), Deny: entries(deny)}
}

// Changed reports whether the rules differ from those that were given.
func (m Model) Changed() bool { return m.list.Changed() }

// Rebase makes before the rules that [Model.Changed] compares with, and rules
// those that are shown.
func (m *Model) Rebase(before, rules iprule.Rules) {
	m.before = before
	m.list.SetValue(items(before.Deny), items(before.Allow))
	if !slices.Equal(before.Deny, rules.Deny) || !slices.Equal(before.Allow, rules.Allow) {
		m.list.Replace(items(rules.Deny), items(rules.Allow))
	}
}

// Typing reports whether plain characters are text now.
func (m Model) Typing() bool { return m.testing || m.list.Typing() }

// Act performs the action of this package with an id, if it is one.
func (m *Model) Act(id string) (done bool) {
	press, ok := presses[id]
	switch {
	case id == TestID:
		m.Next()
		return true
	case id == SimplifyID:
		m.simplify()
		return true
	case id == FitID:
		m.fit()
		return true
	case !ok:
		return false
	}
	m.list, _ = m.list.Update(press)
	return true
}

// simplify writes the lists with as few entries as can be. They decide the
// same about every address.
func (m *Model) simplify() {
	if m.list.Typing() {
		return
	}
	before := m.Rules()
	after := before.Simplify()
	m.list.Replace(items(after.Deny), items(after.Allow))
	n, left := len(before.Deny)+len(before.Allow), len(after.Deny)+len(after.Allow)
	if n == left {
		m.list.Remark(theme.Muted, "it cannot be said with fewer entries")
		return
	}
	m.list.Remark(theme.Good, fmt.Sprintf("%d entries became %d that decide the same; u takes it back", n, left))
}

// Update takes input.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	var cmd tea.Cmd
	if m.testing {
		m.test, cmd = m.test.Update(msg)
		return m, cmd
	}
	m.list, cmd = m.list.Update(msg)
	m.SetSize(m.w, m.h)
	return m, cmd
}

// Next goes from the lists to the test or back; while an entry is typed, to
// its other field.
func (m *Model) Next() {
	switch {
	case m.testing:
		m.testing = false
		m.test.Blur()
		m.list.Focus()
	case m.list.Typing():
		m.list, _ = m.list.Update(tea.KeyPressMsg{Code: tea.KeyTab})
	default:
		m.testing = true
		m.list.Blur()
		m.test.Focus()
	}
	m.SetSize(m.w, m.h)
}

// Enter uses the enter key; used is false if it means nothing here now.
func (m *Model) Enter() (used bool) {
	switch {
	case m.testing:
		m.Next()
	case m.list.Typing():
		m.list, _ = m.list.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	default:
		return false
	}
	m.SetSize(m.w, m.h)
	return true
}

// Close ends what is being typed and reports whether there was such a thing.
func (m *Model) Close() (closed bool) {
	switch {
	case m.list.Typing():
		m.list, _ = m.list.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
		m.SetSize(m.w, m.h)
	case m.testing:
		m.Next()
	default:
		return false
	}
	return true
}

// Unfinished says what is half typed, or "".
func (m Model) Unfinished() string {
	if m.list.Typing() {
		return "an entry is half typed: enter takes it, esc drops it"
	}
	return ""
}

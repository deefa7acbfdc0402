package wizard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// judge is what the linter needs to judge the draft, and what it says.
type judge struct {
	config   lint.Config
	ready    bool               // the thresholds are known
	others   []keystore.KeyView // of the same owner
	rules    []lint.Rule        // about keys
	groups   map[string]lint.Group
	findings []lint.Finding
}

// configMsg brings the thresholds of the linter.
type configMsg struct {
	config lint.Config
	err    error
}

// mostOthers is how many other keys a draft is compared with. To compare it
// with all that a very busy owner has would take too long at each key press.
const mostOthers = 500

// readThresholds asks for the thresholds of the linter.
func (m Model) readThresholds() tea.Cmd {
	path := m.env.Store.PolicyPath()
	return m.env.Do(func(context.Context) tea.Msg {
		c, err := lint.ReadConfig(path)
		return configMsg{c, err}
	})
}

// judged takes the thresholds. Without them nothing is judged; that the policy
// file is broken is told anyway.
func (m *Model) judged(msg configMsg) {
	m.judge.config, m.judge.ready = msg.config, msg.err == nil
	m.judge.groups = map[string]lint.Group{}
	m.judge.rules = slices.DeleteFunc(lint.Rules(), func(r lint.Rule) bool {
		return !slices.Contains([]lint.Group{lint.Lifetime, lint.Network, lint.Owner, lint.Metadata}, r.Group)
	})
	for _, r := range m.judge.rules {
		m.judge.groups[r.ID] = r.Group
	}
}

// compare notes the keys that a draft is compared with.
func (m *Model) compare() {
	m.judge.others = nil
	for v := range m.env.Board.Owned(m.owner) {
		if len(m.judge.others) == mostOthers {
			m.judge.others = nil
			return
		}
		m.judge.others = append(m.judge.others, *v)
	}
}

// draftID stands for the draft in findings.
const draftID keystore.KeyID = "draft"

// lint judges the draft as if it were a key.
func (m *Model) lint() {
	m.judge.findings = nil
	u := m.user()
	if !m.judge.ready || u.ID == "" {
		return
	}
	k := m.key()
	k.ID = draftID
	k.Secrets = []keystore.Secret{{State: keystore.Current, Created: k.Created}}
	all := append(slices.Clone(m.judge.others), keystore.KeyView{Key: k, Owner: u})
	found := lint.RunRules(lint.Snapshot{
		Now: m.env.Board.Now, Keys: all, Users: []keystore.User{u}, Policy: m.env.Board.Policy,
		Config: m.judge.config, Store: lint.StoreFacts{Prefix: m.env.Store.Prefix()},
	}, m.judge.rules)
	_, unread := m.span.Expires()
	for _, f := range found {
		at := m.judge.stepOf(f.Rule)
		early := f.Severity == lint.Info && at > m.furthest
		guess := unread != nil && at == ends // nobody said that it never ends
		if f.Object.ID == string(draftID) && !early && !guess {
			m.judge.findings = append(m.judge.findings, f)
		}
	}
}

// grouped are the findings with one for each rule, which counts the others.
func (j judge) grouped() []lint.Finding {
	var out []lint.Finding
	more := map[string]int{}
	for _, f := range j.findings {
		if more[f.Rule]++; more[f.Rule] == 1 {
			out = append(out, f)
		}
	}
	for i, f := range out {
		if n := more[f.Rule] - 1; n > 0 {
			out[i].Text += fmt.Sprintf("; %d more like it", n)
		}
	}
	return out
}

// stepOf returns the step in which a finding can be put right.
func (j judge) stepOf(rule string) step {
	switch {
	case rule == "PAK305":
		return scopes
	case j.groups[rule] == lint.Lifetime:
		return ends
	case j.groups[rule] == lint.Network:
		return network
	}
	return identity
}

// check is the policy held against the draft, as it is now.
func (m Model) check(w int) []string {
	t := m.env.Theme
	lines := []string{t.Rule.Render(text.Fit(strings.Repeat(t.Glyphs.Rule, max(0, w)), w))}
	if m.h < 12 {
		lines = nil
	}
	found := m.remarks()
	room := mostCheck - 1
	switch {
	case m.h < 20:
		room = 2
	case m.h < 24:
		room = 4
	}
	if m.h < 12 {
		room = 1
	}
	for i, r := range found {
		if i == room {
			break
		}
		if i == room-1 && i > 0 && len(found) > room {
			lines = append(lines, t.Hint.Render(fmt.Sprintf("%sand %d more", text.Spaces(wordWidth), len(found)-i)))
			break
		}
		lines = append(lines, t.Paint(r.tone, text.Fit(r.word, wordWidth))+text.Truncate(r.text, max(0, w-wordWidth)))
	}
	return lines
}

// wordWidth is the cells of the word before a line of the check.
const wordWidth = 7

// remark is one line of the check.
type remark struct {
	word, text string
	tone       theme.Tone
}

// remarks are what the policy and good sense say of the draft, worst first.
func (m Model) remarks() []remark {
	var out []remark
	b := m.env.Board
	if b.PolicyErr != nil {
		out = append(out, remark{"no", "nothing can be saved: " + b.PolicyErr.Error(), theme.Bad})
	}
	violations := m.violations()
	for _, v := range violations {
		out = append(out, remark{"no", "policy: " + v.Text + m.where(v.Field), theme.Bad})
	}
	for _, f := range m.judge.grouped() {
		word, tone := severity(f.Severity)
		out = append(out, remark{word, f.Rule + "  " + f.Text + m.inStep(m.judge.stepOf(f.Rule)), tone})
	}
	if len(violations) == 0 && b.PolicyErr == nil {
		out = append(out, remark{"ok", "the policy has nothing against it", theme.Good})
	}
	return out
}

func severity(s lint.Severity) (string, theme.Tone) {
	switch s {
	case lint.Error:
		return "error", theme.Bad
	case lint.Warning:
		return "warn", theme.Warn
	}
	return "info", theme.Muted
}

// where names the step of a field, unless it is this one.
func (m Model) where(field string) string {
	for s, fields := range map[step]string{identity: "user name description", scopes: "scopes", ends: "expires", network: "allow"} {
		if strings.Contains(fields, field) {
			return m.inStep(s)
		}
	}
	return ""
}

func (m Model) inStep(s step) string {
	if s == m.step {
		return ""
	}
	return fmt.Sprintf(" (step %d)", s+1)
}

package review

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// verdicts are the actions that decide. Their keys are those that do the same
// in the list of keys, where there is one.
var verdicts = []struct {
	verdict review.Verdict
	key     string
}{
	{review.Keep, "y"},
	{review.Ask, "a"},
	{review.Restrict, "e"},
	{review.Rotate, "r"},
	{review.Disable, "x"},
	{review.Revoke, "X"},
}

// Actions returns what can be done in a review.
func Actions() []keymap.Action {
	out := []keymap.Action{{
		ID: "review.go", Title: "review", Help: "go through the keys one by one", Keys: []string{"R"},
		Scopes: []string{screen.Keys, screen.Lint}, CLI: "pakdeck review status",
	}}
	for _, v := range verdicts {
		out = append(out, keymap.Action{
			ID: "review." + string(v.verdict), Title: string(v.verdict), Help: v.verdict.Means(), Keys: []string{v.key},
			Writes: true, CLI: "pakdeck review decide KEY VERDICT",
		})
	}
	return keymap.Group("Review", []string{screen.Review}, append(out, []keymap.Action{
		{ID: "review.comment", Title: "comment", Help: "keep or decide again, with a comment", Keys: []string{"enter"}, Writes: true, CLI: "pakdeck review decide KEY VERDICT --comment TEXT"},
		{ID: "review.next", Title: "next", Help: "the next key without a decision", Keys: []string{"n"}, CLI: "pakdeck review next"},
		{ID: "review.key", Title: "key", Help: "go to the key", Keys: []string{"v"}, CLI: "pakdeck key show KEY"},
		{ID: "review.begin", Title: "begin", Help: "begin a review", Keys: []string{"b"}, Writes: true, CLI: "pakdeck review start"},
		{ID: "review.end", Title: "end", Help: "end it, with a signed report", Keys: []string{"E"}, Writes: true, CLI: "pakdeck review end"},
		{ID: "review.save", Title: "save report", Help: "save the signed report", Keys: []string{"s"}, CLI: "pakdeck review report --output FILE"},
	}...))
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "review.comment":
		return m.comment()
	case "review.next":
		return m.advance()
	case "review.key":
		k, _ := m.current()
		return screen.Tell(screen.Go{Place: screen.Keys, Key: k.ID})
	case "review.begin":
		return m.begin()
	case "review.end":
		return m.askEnd()
	case "review.save":
		return m.askFile()
	}
	for _, v := range verdicts {
		if action == "review."+string(v.verdict) {
			return m.judge(v.verdict)
		}
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if !a.In(screen.Review) || len(a.Scopes) == 0 || m.Typing() {
		return ""
	}
	if !m.loaded {
		return cmp.Or(m.problem, "the newest review is being read")
	}
	k, ok := m.current()
	switch a.ID {
	case "review.begin":
		if m.open() {
			return "a review is open; E ends it"
		}
		return ""
	case "review.save":
		if m.s.Number == 0 {
			return "there was no review yet"
		}
		return ""
	case "review.key":
		return unless(ok, "there is no key under the cursor")
	}
	switch {
	case !m.open():
		return "no review is open; b begins one"
	case a.ID == "review.end":
		return unless(len(m.pending) == 0, "a decision is being written")
	case a.ID == "review.next":
		return unless(m.left > 0, "every key is decided about; E ends the review")
	case !ok:
		return "there is no key under the cursor"
	case m.pending[k.ID]:
		return "the decision is being written"
	}
	return unless(m.s.Covers(k), k.Ref()+" is revoked")
}

func unless(fine bool, reason string) string {
	if fine {
		return ""
	}
	return reason
}

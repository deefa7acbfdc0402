package findings

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// question is what is asked for in the line under the list.
type question byte

const (
	nothing question = iota
	forReason
	forEnd
)

// usualWaiver is the end that is offered.
const usualWaiver = "90d"

// waive asks for the reason, or takes waivers back if it is on one.
func (m *Model) waive() tea.Cmd {
	if m.Typing() {
		return nil
	}
	if r, _ := m.current(); r.waiver != nil {
		return m.unwaive()
	}
	m.show()
	return m.askFor(forReason, "why accept "+m.aim()+"?", "goes into the journal", "")
}

// aim names what would be waived.
func (m Model) aim() string {
	list := slices.Collect(m.targets())
	if len(list) == 1 {
		return list[0].Rule
	}
	return text.Plural(len(list), "finding")
}

func (m *Model) askFor(q question, label, hint, value string) tea.Cmd {
	m.ask = q
	return m.Ask(m.env.Theme, "Waive", label, value, field.WithLimit(keystore.MaxReason), field.WithPlaceholder(hint))
}

// accept takes what was typed, if it is right.
func (m *Model) accept() tea.Cmd {
	if m.ask == forReason {
		m.reason = m.Search.Ask.Value()
		if err := keystore.CheckReason(m.reason); err != nil {
			m.Search.Ask.SetError(err)
			return nil
		}
		return m.askFor(forEnd, "until when?", "90d, 2027-02-21", usualWaiver)
	}
	zone := m.env.Zone
	if zone == nil {
		zone = time.UTC
	}
	e, err := expiry.Parse(m.Search.Ask.Value(), m.env.Board.Now, zone)
	if err == nil && e.Never() {
		err = errors.New("a waiver must end; give a date")
	}
	if err != nil {
		m.Search.Ask.SetError(err)
		return nil
	}
	targets := slices.Collect(m.targets())
	m.dismiss()
	return m.waiveAll(targets, m.reason, e.At)
}

func (m *Model) dismiss() {
	m.ask = nothing
	m.Dismiss()
}

// waiveAll waives findings one after the other; several of a rule on one
// object are one waiver.
func (m *Model) waiveAll(list []row, reason string, until time.Time) tea.Cmd {
	done := "waived " + list[0].Rule + " of " + board.ObjectName(list[0].Finding)
	if len(list) > 1 {
		done = "waived " + text.Plural(len(list), "finding")
	}
	done += " until " + m.env.Clock(until)
	return m.change("waiving", done, list, func(ctx context.Context, st *keystore.Store, r row) error {
		_, err := lint.Waive(ctx, st, r.Rule, r.Object, reason, until)
		return err
	})
}

func (m *Model) unwaive() tea.Cmd {
	r, _ := m.current()
	done := r.Rule + " of " + board.ObjectName(r.Finding) + " counts again"
	return m.change("taking the waiver back", done, []row{r}, func(ctx context.Context, st *keystore.Store, r row) error {
		_, err := lint.Unwaive(ctx, st, r.Rule, r.Object.ID)
		return err
	})
}

// remember makes what counts now the baseline of later runs.
func (m *Model) remember() tea.Cmd {
	return m.change("remembering", "remembered: lint --new-only tells what is new from now on", []row{{}},
		func(ctx context.Context, st *keystore.Store, _ row) error {
			s, err := lint.Take(ctx, st, lint.Options{})
			if err != nil {
				return err
			}
			return lint.Remember(ctx, st, lint.Judge(s, lint.Rules()))
		})
}

// change returns the command that does something to each of some findings.
func (m *Model) change(doing, done string, list []row, do func(context.Context, *keystore.Store, row) error) tea.Cmd {
	m.working = true
	st, tag := m.env.Store, m.tag
	return m.env.Do(func(ctx context.Context) tea.Msg {
		seen, o := map[[2]string]bool{}, outcome{doing: doing}
		for _, r := range list {
			what := [2]string{r.Rule, r.Object.ID}
			if seen[what] {
				continue
			}
			seen[what] = true
			if err := do(ctx, st, r); err != nil {
				o.err = errors.Join(o.err, err)
				continue
			}
			o.done = done
		}
		return o.report(tag)
	})
}

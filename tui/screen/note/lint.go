package note

import (
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

// lint lists what the policy forbids in the keys that exist. They were made
// before the rule, or the rule would have refused them.
type lint struct{}

func (lint) scope() string { return screen.Lint }
func (lint) title() string { return "Lint" }

func (lint) empty(b *board.Board) string {
	if b.PolicyErr != nil {
		return "Nothing was judged."
	}
	return "No key breaks the policy."
}

func (lint) columns() []table.Column {
	return []table.Column{
		{Title: "KEY", Width: 26, Min: 16, Flex: 1},
		{Title: "RULE", Width: 19},
		{Title: "FINDING", Width: 30, Flex: 3},
	}
}

func (lint) orders() []order { return []order{{column: 0}, {column: 1}} }

func (lint) summary(b *board.Board, rows int) string {
	if b.PolicyErr != nil {
		return "The policy cannot be used: " + b.PolicyErr.Error()
	}
	return text.Plural(int64(rows), "finding") + " in " + text.Plural(int64(len(b.Keys)), "key")
}

func (lint) missing() string {
	return "Judges the policy file only; unused keys and wide scopes are not shown yet."
}

func (lint) rows(b *board.Board, column int, down bool) table.Source {
	var out table.Rows
	for i := range b.Keys {
		v := &b.Keys[i]
		if b.PolicyErr != nil || !v.Revoked.IsZero() {
			continue
		}
		for _, x := range b.Policy.Check(v.Key, v.Owner) {
			out = append(out, table.Row{ID: string(v.ID) + " " + x.Rule, Cells: []table.Cell{
				{Text: v.Ref()}, {Text: x.Rule, Tone: theme.Warn}, {Text: x.Text},
			}})
		}
	}
	slices.SortStableFunc(out, func(x, y table.Row) int {
		if down {
			x, y = y, x
		}
		return strings.Compare(strings.ToLower(x.Cells[column].Text), strings.ToLower(y.Cells[column].Text))
	})
	return out
}

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/text"
)

// resultJSON is what becomes, or became, of one key.
type resultJSON struct {
	ID      keystore.KeyID `json:"id"`
	User    string         `json:"user"`
	Name    string         `json:"name"`
	Result  string         `json:"result"` // changed, unchanged, failed; planned
	Changes []changeJSON   `json:"changes"`
	Effect  *effectJSON    `json:"effect,omitempty"` // of what is planned, on those who use the key
	Error   string         `json:"error,omitempty"`
}

func resultOf(l bulk.Line, result string, err error) resultJSON {
	j := resultJSON{ID: l.Before.ID, User: l.Before.Owner.Name, Name: l.Before.Name, Result: result, Changes: []changeJSON{}}
	for _, c := range l.Diff {
		j.Changes = append(j.Changes, changeJSON(c))
	}
	if err != nil {
		j.Result, j.Error = "failed", err.Error()
	}
	return j
}

// tryBulk shows what would change, and what that would do to those who use the
// keys.
func (a *app) tryBulk(ctx context.Context, st *keystore.Store, plan []bulk.Line) error {
	out, hit := make([]resultJSON, len(plan)), 0
	for i, l := range plan {
		out[i] = resultOf(l, planned(l), l.Err)
		if !l.Changes() {
			continue
		}
		var err error
		if out[i].Effect, err = a.tryKey(ctx, st, l.Before, l.After); err != nil {
			return err
		}
		if out[i].Effect != nil {
			hit++
		}
	}
	a.note(effectOnKeys, hit, text.Plural(len(plan), "key"))
	a.note("dry run: %s of %s would change; nothing was changed", text.Plural(bulk.Count(plan), "key"), text.Count(len(plan)))
	if a.json {
		return a.printJSON(out)
	}
	rows := make([][]string, len(plan))
	for i, l := range plan {
		rows[i] = planWords(l)
	}
	return a.printRows(rows)
}

func planned(l bulk.Line) string {
	if l.Changes() {
		return "planned"
	}
	return "unchanged"
}

// planWords tells of one key what would change.
func planWords(l bulk.Line) []string {
	switch {
	case l.Err != nil:
		return []string{l.Before.Ref(), "cannot be changed", l.Err.Error()}
	case !l.Changes():
		return []string{l.Before.Ref(), "stays", ""}
	}
	return []string{l.Before.Ref(), "would change", diffText(l.Diff)}
}

// diffText tells changes on one line.
func diffText(diff []keystore.Change) string {
	parts := make([]string, len(diff))
	for i, c := range diff {
		parts[i] = fmt.Sprintf("%s %s -> %s", c.Field, valueText(c.Before), valueText(c.After))
	}
	return strings.Join(parts, "; ")
}

// valueText tells a value of a field; nil is none.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return text.Quote(v)
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return strings.Join(v, ",")
	}
	return fmt.Sprint(v)
}

// printResults tells what became of each key. The answer is no if one of them
// could not be changed.
func (a *app) printResults(results []bulk.Result) error {
	var changed, failed int
	rows := make([][]string, len(results))
	out := make([]resultJSON, len(results))
	for i, r := range results {
		word, detail := "unchanged", ""
		switch {
		case r.Err != nil:
			failed++
			word, detail = "failed", r.Err.Error()
		case r.Done:
			changed++
			word, detail = "changed", diffText(r.Diff)
		}
		rows[i], out[i] = []string{r.Before.Ref(), word, detail}, resultOf(r.Line, word, r.Err)
	}
	a.note("%s changed, %d unchanged, %d failed", text.Plural(changed, "key"), len(results)-changed-failed, failed)
	print := func() error { return a.printRows(rows) }
	if a.json {
		print = func() error { return a.printJSON(out) }
	}
	if err := print(); err != nil {
		return err
	}
	return failedKeys(results)
}

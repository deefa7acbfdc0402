package keys

import (
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// findings is what the linter says of a key, the gravest first, at most so
// many of them, and what would put the gravest right.
func findings(env *screen.Env, v keystore.KeyView, most int) []facts.Fact {
	found := env.Verdict.About(string(v.ID))
	if len(found) == 0 {
		return nil
	}
	out := []facts.Fact{{}, facts.Head(text.Plural(len(found), "finding"))}
	for _, f := range found[:min(most, len(found))] {
		out = append(out, words.Finding(f))
	}
	if fix := found[0].Fix; fix != nil {
		out = append(out, facts.Of("fix", fix.Text))
	}
	return out
}

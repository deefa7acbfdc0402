package keys

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// brief is what the pane beside the list says of a key.
func brief(env *screen.Env, v keystore.KeyView, r recent, w int) []facts.Fact {
	now := env.Board.Now
	out := []facts.Fact{
		facts.Head(v.Name),
		{},
		facts.Of("id", string(v.ID)),
		facts.Of("key", v.Current().ID.String()),
		facts.Of("owner", v.Owner.Name),
	}
	out = append(out, stateFacts(env, v, w)...)
	out = append(out,
		facts.Of("created", v.Created.Format(time.DateOnly)),
		words.Scopes(v),
		networkFact(v.Rules),
		facts.Of("seen", strings.Replace(words.Seen(v.Uses.Last, now), " from", "", 1)),
	)
	if n := v.Uses.DeniedTotal(); n > 0 {
		out = append(out, facts.Fact{Label: "denied", Text: denied(v.Uses, now), Tone: theme.Warn})
	}
	out = append(out, r.facts(env.Theme, v, env.Board.Now, w)...)
	if v.RevokeReason != "" {
		out = append(out, facts.Of("reason", v.RevokeReason))
	}
	if v.Description != "" {
		out = append(out, facts.Fact{}, facts.Of("", v.Description))
	}
	return append(out, findings(env, v, 2)...)
}

// stateFacts is the state in words and, of a key that expires, how much of
// its life has passed.
func stateFacts(env *screen.Env, v keystore.KeyView, w int) []facts.Fact {
	s := v.StateAt(env.Board.Now, env.Board.Policy.WarnBefore)
	out := []facts.Fact{{Label: "state", Text: stateWords(v, s, env.Board.Now), Tone: stateTone(s)}}
	if !v.Expires.IsZero() && !dead(s) {
		out = append(out, facts.Fact{Text: lifeBar(env.Theme, v, s, env.Board.Now, min(w-18, 24)), Styled: true})
	}
	return out
}

// stateWords says since or until when a key is in its state.
func stateWords(v keystore.KeyView, s keystore.State, now time.Time) string {
	switch s {
	case keystore.StateRevoked:
		return "revoked " + expiry.In(v.Revoked, now)
	case keystore.StateDisabled:
		if v.DisabledAt.IsZero() {
			return "disabled: its owner is"
		}
		return "disabled " + expiry.In(v.DisabledAt, now)
	case keystore.StateExpired:
		return "expired " + expiry.In(v.Expires, now)
	case keystore.StateExpiring:
		return "expiring " + expiry.In(v.Expires, now)
	case keystore.StatePending:
		return "pending, valid " + expiry.In(v.NotBefore, now)
	}
	if v.Expires.IsZero() {
		return string(s) + ", never expires"
	}
	return string(s) + ", " + strings.TrimPrefix(expiry.In(v.Expires, now), "in ") + " left"
}

// lifeBar shows how much of a key's life has passed, as a bar and a number.
func lifeBar(t theme.Theme, v keystore.KeyView, s keystore.State, now time.Time, w int) string {
	begin := v.Created
	if v.NotBefore.After(begin) {
		begin = v.NotBefore
	}
	life := v.Expires.Sub(begin)
	if life <= 0 || w < 1 {
		return ""
	}
	passed := min(1, max(0, float64(now.Sub(begin))/float64(life)))
	full := int(passed*float64(w) + 0.5)
	bar := strings.Repeat(t.Glyphs.Shade[4], full) + strings.Repeat(t.Glyphs.Shade[1], w-full)
	return t.Paint(stateTone(s), bar) + fmt.Sprintf(" %d%%", int(passed*100))
}

func networkFact(r iprule.Rules) facts.Fact {
	switch {
	case r.IsZero():
		return facts.Fact{Label: "network", Text: "any address", Tone: theme.Warn}
	case len(r.Allow) == 0:
		return facts.Of("network", fmt.Sprintf("any address but %d denied", len(r.Deny)))
	}
	return facts.Of("network", fmt.Sprintf("allow %d  deny %d", len(r.Allow), len(r.Deny)))
}

func denied(u keystore.Uses, now time.Time) string {
	return fmt.Sprintf("%s, last %s: %s", text.Count(u.DeniedTotal()), words.Seen(u.LastDenied, now), u.LastReason)
}

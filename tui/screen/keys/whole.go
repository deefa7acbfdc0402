package keys

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// whole is everything that is known of a key.
func whole(env *screen.Env, v keystore.KeyView, r recent, w int) []facts.Fact {
	out := []facts.Fact{
		facts.Of("id", string(v.ID)),
		facts.Of("name", v.Name),
		facts.Of("owner", ownerWords(v.Owner)),
	}
	if v.Description != "" {
		out = append(out, facts.Of("description", v.Description))
	}
	out = append(out, stateFacts(env, v, w)...)
	out = append(out, dates(env, v)...)
	out = append(out, scopeFacts(v)...)
	out = append(out, ruleFacts(v.Rules)...)
	out = append(out, secretFacts(env, v)...)
	out = append(out, useFacts(env, v.Uses)...)
	out = append(out, r.facts(env.Theme, v, env.Board.Now, w)...)
	out = append(out, policyFacts(env, v)...)
	return append(out, findings(env, v, math.MaxInt)...)
}

func ownerWords(u keystore.User) string {
	words := u.Name + ", " + string(u.Kind)
	if u.Admin {
		words += ", admin"
	}
	if u.Disabled {
		words += ", disabled"
	}
	if u.Contact != "" {
		words += ", contact " + u.Contact
	}
	return words
}

func dates(env *screen.Env, v keystore.KeyView) []facts.Fact {
	out := []facts.Fact{facts.Of("created", env.Clock(v.Created))}
	if !v.Updated.Equal(v.Created) {
		out = append(out, facts.Of("changed", fmt.Sprintf("%s, version %d", env.Clock(v.Updated), v.Version)))
	}
	if !v.NotBefore.IsZero() {
		out = append(out, facts.Of("not before", env.Clock(v.NotBefore)))
	}
	out = append(out, facts.Of("expires", env.Clock(v.Expires)))
	if v.WarnBefore > 0 {
		out = append(out, facts.Of("warns", form.WarningWords(v.WarnBefore, env.Board.Policy)))
	}
	if !v.DisabledAt.IsZero() {
		out = append(out, facts.Of("disabled", env.Clock(v.DisabledAt)))
	}
	if !v.Revoked.IsZero() {
		out = append(out, facts.Of("revoked", env.Clock(v.Revoked)), facts.Of("reason", v.RevokeReason))
	}
	return out
}

func scopeFacts(v keystore.KeyView) []facts.Fact {
	own := "none of its own: all that its owner may do"
	if len(v.Scopes) > 0 {
		own = words.JoinScopes(v.Scopes)
	}
	owner := words.JoinScopes(v.Owner.Allowed())
	if owner == "" {
		owner = "none"
	}
	effective := words.Scopes(v)
	effective.Label = "effective"
	return []facts.Fact{{}, facts.Head("Scopes"), effective, facts.Of("of the key", own), facts.Of("of the owner", owner)}
}

func ruleFacts(r iprule.Rules) []facts.Fact {
	out := []facts.Fact{{}, facts.Head("Network, deny first, then allow")}
	for _, list := range []iprule.List{iprule.Deny, iprule.Allow} {
		for i, e := range r.Entries(list) {
			out = append(out, facts.Of(string(list)+" "+list.Label(i), text.Pad(e.Prefix.String(), 20)+"  "+e.Note))
		}
	}
	if len(r.Allow) == 0 {
		out = append(out, facts.Fact{Label: "allow", Text: "no list: any address that is not denied", Tone: theme.Warn})
	}
	return out
}

func secretFacts(env *screen.Env, v keystore.KeyView) []facts.Fact {
	out := []facts.Fact{{}, facts.Head("Secrets")}
	for _, s := range v.Secrets {
		words := fmt.Sprintf("%s since %s", s.StateAt(env.Board.Now), env.Clock(s.Created))
		if s.State == keystore.Retiring {
			words += ", until " + env.Clock(s.Retires)
		}
		out = append(out, facts.Of(s.ID.String(), words))
	}
	return out
}

func useFacts(env *screen.Env, u keystore.Uses) []facts.Fact {
	out := []facts.Fact{{}, facts.Head("Uses")}
	if u.Last.Time.IsZero() {
		out = append(out, facts.Of("accepted", "never"))
	} else {
		out = append(
			out,
			facts.Of("accepted", text.Count(u.OK)),
			facts.Of("first", sighting(env, u.First)),
			facts.Of("last", sighting(env, u.Last)),
		)
	}
	if u.DeniedTotal() == 0 {
		return append(out, facts.Of("denied", "never"))
	}
	for _, o := range keystore.Outcomes {
		if n := u.Denied[o]; n > 0 {
			out = append(out, facts.Fact{Label: "denied", Text: text.Count(n) + " " + string(o), Tone: theme.Warn})
		}
	}
	return append(out, facts.Of("last denied", sighting(env, u.LastDenied)+"  "+string(u.LastReason)))
}

func sighting(env *screen.Env, s keystore.Sighting) string {
	parts := []string{env.Clock(s.Time), address(s.IP), s.Agent, s.Route}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "  ")
}

func policyFacts(env *screen.Env, v keystore.KeyView) []facts.Fact {
	found := env.Board.Policy.Check(v.Key, v.Owner)
	if len(found) == 0 || !v.Revoked.IsZero() {
		return nil
	}
	out := []facts.Fact{{}, facts.Head("Against the policy")}
	for _, x := range found {
		out = append(out, facts.Fact{Label: x.Field, Text: x.Text, Tone: theme.Warn})
	}
	return out
}

package verify

import (
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// pool lets keys with equal rules or scopes share one copy of them. Many keys
// have the same ones, and what is shared stays in the processor's cache. What
// no key uses any more is dropped when the whole store is read anew.
type pool struct {
	sets   map[string]*iprule.Set
	scoped map[string]*scopeSet
}

// scopeSet is the scopes that a key has within its owner's.
type scopeSet struct {
	list []keystore.Scope
	text string // separated by blanks
}

func newPool() pool {
	return pool{sets: map[string]*iprule.Set{}, scoped: map[string]*scopeSet{}}
}

// rules returns the compiled form of rules, nil if they restrict nothing.
func (p pool) rules(r iprule.Rules) *iprule.Set {
	if r.IsZero() {
		return nil
	}
	key := rulesKey(r)
	set, known := p.sets[key]
	if !known {
		set = r.Compile()
		p.sets[key] = set
	}
	return set
}

// rulesKey returns a text that is the same for rules with the same prefixes,
// whatever their notes.
func rulesKey(r iprule.Rules) string {
	var b []byte
	for _, e := range r.Allow {
		b = append(e.Prefix.AppendTo(b), ' ')
	}
	b = append(b, '!')
	for _, e := range r.Deny {
		b = append(e.Prefix.AppendTo(b), ' ')
	}
	return string(b)
}

func (p pool) scopes(list []keystore.Scope) *scopeSet {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	text := strings.Join(texts, " ")
	set, known := p.scoped[text]
	if !known {
		set = &scopeSet{list, text}
		p.scoped[text] = set
	}
	return set
}

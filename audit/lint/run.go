package lint

import (
	"cmp"
	"slices"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// scene is a snapshot, prepared for the rules.
type scene struct {
	Snapshot
	subjects []subject
	holders  []holder
}

// subject is a key with what several rules ask of it.
type subject struct {
	*keystore.KeyView
	object   Object
	ref      string           // names the key on a command line
	prefix   string           // first word of key strings
	usable   bool             // works, or will begin to
	problems []iprule.Problem // of the address rules
	seen     *Activity        // of all its secrets; nil: nothing is known of uses
	demands  *usage.Demands   // scopes that its uses needed; nil: nothing is known
	twin     *subject         // an older key for the same purpose
	likeness string           // what it shares with the twin
}

// holder is a user with keys.
type holder struct {
	keystore.User
	object Object
	keys   []*subject // oldest first
	usable []*subject // those of them that work or will begin to
}

// near is how many keys at a time all rules look at: they and what was seen of
// them stay in the processor's cache.
const near = 64

// findings returns what the rules find of keys, users and the store.
func (sc *scene) findings(rules []Rule) (out []Finding) {
	found := make([][]Finding, len(sc.subjects)/share+1)
	spread(len(sc.subjects), func(part, from, to int) {
		for block := range slices.Chunk(sc.subjects[from:to], near) {
			for i := range rules {
				found[part] = rules[i].ofKeys(sc, block, found[part])
			}
		}
	})
	out = slices.Concat(found...)
	for i := range rules {
		out = rules[i].ofOthers(sc, out)
	}
	return out
}

// ofKeys adds what the rule finds of some keys.
func (r *Rule) ofKeys(sc *scene, keys []subject, out []Finding) []Finding {
	if r.check.key == nil {
		return out
	}
	for i := range keys {
		out = r.add(out, keys[i].object, r.check.key(sc, &keys[i]))
	}
	return out
}

// ofOthers adds what the rule finds of users or of the store.
func (r *Rule) ofOthers(sc *scene, out []Finding) []Finding {
	switch {
	case r.check.owner != nil:
		for i := range sc.holders {
			out = r.add(out, sc.holders[i].object, r.check.owner(sc, &sc.holders[i]))
		}
	case r.check.store != nil:
		out = r.add(out, sc.store(), r.check.store(sc))
	}
	return out
}

func (r *Rule) add(out []Finding, o Object, hits []hit) []Finding {
	for _, h := range hits {
		out = append(out, r.finding(o, h))
	}
	return out
}

func newScene(s Snapshot) *scene {
	sc := &scene{Snapshot: s, subjects: make([]subject, len(s.Keys))}
	byOwner := make(map[keystore.UserID][]*subject, len(s.Users))
	spread(len(s.Keys), func(_, from, to int) {
		for i := from; i < to; i++ {
			sc.subjects[i] = sc.subject(&s.Keys[i])
		}
	})
	for i := range sc.subjects {
		x := &sc.subjects[i]
		byOwner[x.User] = append(byOwner[x.User], x)
	}
	for _, u := range s.Users {
		if keys := byOwner[u.ID]; len(keys) > 0 {
			sc.holders = append(sc.holders, holder{User: u, object: Object{KindUser, string(u.ID), u.Name}, keys: keys})
		}
	}
	spread(len(sc.holders), func(_, from, to int) {
		for i := from; i < to; i++ {
			h := &sc.holders[i]
			slices.SortFunc(h.keys, older)
			h.usable = slices.DeleteFunc(slices.Clone(h.keys), func(x *subject) bool { return !x.usable })
			h.findTwins(s.Config.NameDistance)
		}
	})
	return sc
}

func (sc *scene) subject(k *keystore.KeyView) subject {
	x := subject{KeyView: k, prefix: cmp.Or(sc.Store.Prefix, token.DefaultPrefix)}
	name := redact(x.prefix, k.Ref())
	x.object = Object{KindKey, string(k.ID), name}
	x.ref = string(k.ID)
	if name == k.Ref() && quote.Shell(name) == name {
		x.ref = name
	}
	state := k.StateAt(sc.Now, 0)
	x.seen, x.demands = sc.activityOf(&k.Key), sc.demandsOf(&k.Key)
	x.usable = state.Works() || state == keystore.StatePending
	if x.usable && !k.Rules.IsZero() {
		x.problems = k.Rules.Problems()
	}
	return x
}

func (sc *scene) store() Object { return Object{KindStore, sc.Store.ID, sc.Store.Path} }

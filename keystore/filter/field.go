package filter

import (
	"slices"
	"sort"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
	"github.com/pakdeck/pakdeck/keystore/token"
)

type field = Field[matcher]

// Fields returns the fields in the order in which they are explained.
func Fields() []field { return slices.Clone(table.Fields) }

var table = Table[matcher]{Bare: field{Example: "a word", Compile: compileBare}, Fields: []field{
	{"user", "name of the owner", "user:build-bot", textOf(userName)},
	{"name", "name of the key", "name:ci-*", textOf(keyName)},
	{"state", "state of the key", "state:active,expiring", compileState},
	{"scope", "the key may do this, within its owner's permissions", "scope:chat:write", compileScope},
	{"allow", "the key may be used from this address, or its allow list touches this prefix; none: no allow list", "allow:203.0.113.70", compileAllow},
	{"ip", "address or prefix of the last use or refusal", "ip:10.0.0.0/8", compileIP},
	{"seen", "last use: never, within an age (<7d), or not since (>30d, which includes never)", "seen:>30d", compileSeen},
	{"expires", "expiry: never, within (<30d), or later (>90d, which includes never)", "expires:<30d", compileExpires},
	{"created", "age of the key: less (<7d) or more (>1y)", "created:<7d", compileCreated},
	{"id", "beginning of the key's id, or the id of one of its secrets", "id:06f3", compileID},
}}

// compileBare looks in all texts. In a long one nearly all letters follow each
// other somewhere, so only the short ones are searched for letters.
func compileBare(value string) (matcher, string) {
	if strings.HasPrefix(value, "~") {
		return textOf(keyName, userName)(value)
	}
	return textOf(keyName, description, userName)(value)
}

func userName(x *Index, i int) (*haystack.Texts, int)    { return x.ownerNames, int(x.owners.of[i]) }
func keyName(x *Index, i int) (*haystack.Texts, int)     { return x.names, i }
func description(x *Index, i int) (*haystack.Texts, int) { return x.descriptions, i }

// textOf returns the compiler of a text that is looked for in any of some
// parts of a key.
func textOf(parts ...func(x *Index, i int) (*haystack.Texts, int)) func(string) (matcher, string) {
	return func(value string) (matcher, string) {
		if value == "~" {
			return matcher{}, "letters are missing behind the ~"
		}
		p := newPattern(value)
		letters := p.letters()
		return matcher{letters: letters, in: func(r *run) test {
			return func(i int) bool {
				for _, part := range parts {
					if texts, at := part(r.index, i); texts.Letters(at).Cover(letters) && p.in(texts.At(at)) {
						return true
					}
				}
				return false
			}
		}}, ""
	}
}

func compileState(value string) (matcher, string) {
	want, err := keystore.ParseState(strings.ToLower(value))
	if err != nil {
		return matcher{}, "there is no such state; use " + stateNames()
	}
	return matcher{in: func(r *run) test {
		return func(i int) bool { return r.index.lives[i].StateAt(r.now, r.warn) == want }
	}}, ""
}

func stateNames() string {
	names := make([]string, len(keystore.States))
	for i, s := range keystore.States {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

func compileScope(value string) (matcher, string) {
	want, err := keystore.ParseScope(strings.ToLower(value))
	if err != nil {
		return matcher{}, "write resource:action, such as scope:chat:write"
	}
	// What covers both is their intersection, the key's effective scopes; to make
	// those of each key would take longer.
	return matcher{in: func(r *run) test {
		own := r.index.scopes.ask(r.keys, func(v *keystore.KeyView) bool {
			return len(v.Scopes) == 0 || keystore.CoversAny(v.Scopes, want)
		})
		owners := r.index.owners.ask(r.keys, func(v *keystore.KeyView) bool {
			return v.Owner.Admin || keystore.CoversAny(v.Owner.Permissions, want)
		})
		return func(i int) bool { return own(i) && owners(i) }
	}}, ""
}

func compileID(value string) (matcher, string) {
	prefix := strings.ToLower(value)
	secret, err := token.ParseID(value)
	return matcher{in: func(r *run) test {
		begins := r.idBegins(prefix)
		if err != nil {
			return begins
		}
		return func(i int) bool {
			return begins(i) || slices.ContainsFunc(r.keys[i].Secrets, func(s keystore.Secret) bool { return s.ID == secret })
		}
	}}, ""
}

// idBegins tells whether ids of keys begin with a prefix. In the order of ids
// those are neighbours.
func (r *run) idBegins(prefix string) test {
	begins := func(i int) bool { return strings.HasPrefix(string(r.keys[i].ID), prefix) }
	if !r.index.byID {
		return begins
	}
	first := sort.Search(len(r.keys), func(i int) bool { return string(r.keys[i].ID) >= prefix })
	end := first + sort.Search(len(r.keys)-first, func(i int) bool { return !begins(first + i) })
	return func(i int) bool { return first <= i && i < end }
}

package keystore

import (
	"slices"
	"strings"
)

// Scope is a permission of the form resource:action; either half may be "*",
// which stands for every value. Each half is 1 to 64 of a-z 0-9 . _ -.
type Scope string

// AnyScope is the scope of everything.
const AnyScope Scope = "*:*"

// ParseScope reads a scope. "*" alone means [AnyScope]. The error is a
// *FieldError.
func ParseScope(s string) (Scope, error) {
	if s == "*" {
		return AnyScope, nil
	}
	resource, action, ok := strings.Cut(s, ":")
	if !ok || !scopeHalf(resource) || !scopeHalf(action) {
		return "", &FieldError{
			Field: "scope", Value: s,
			Text: "is no scope; write resource:action in lower case, such as chat:write, artifact:* or *:read",
		}
	}
	return Scope(s), nil
}

// ParseScopes reads several scopes, sorts them and drops duplicates.
func ParseScopes(list []string) ([]Scope, error) {
	out := make([]Scope, 0, len(list))
	for _, s := range list {
		scope, err := ParseScope(s)
		if err != nil {
			return nil, err
		}
		out = append(out, scope)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func scopeHalf(s string) bool {
	if s == "*" {
		return true
	}
	if s == "" || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// Covers reports whether who holds s may do demand. A demand with a "*" is
// covered only by a "*" in the same half.
func (s Scope) Covers(demand Scope) bool {
	r, a, _ := strings.Cut(string(s), ":")
	dr, da, _ := strings.Cut(string(demand), ":")
	return (r == "*" || r == dr) && (a == "*" || a == da)
}

// CoversAny reports whether one of the held scopes covers demand.
func CoversAny(held []Scope, demand Scope) bool {
	return slices.ContainsFunc(held, func(s Scope) bool { return s.Covers(demand) })
}

// Effective returns what a key may do: its own scopes within its owner's
// permissions, as the intersection of the two, without redundant members. A
// key without scopes has all that its owner may do. An empty result means
// that every demand is refused.
func Effective(key, owner []Scope) []Scope {
	if len(key) == 0 {
		return reduceScopes(slices.Clone(owner))
	}
	var out []Scope
	for _, k := range key {
		for _, o := range owner {
			if s, ok := intersect(k, o); ok {
				out = append(out, s)
			}
		}
	}
	return reduceScopes(out)
}

func intersect(a, b Scope) (Scope, bool) {
	ar, aa, _ := strings.Cut(string(a), ":")
	br, ba, _ := strings.Cut(string(b), ":")
	r, ok1 := intersectHalf(ar, br)
	c, ok2 := intersectHalf(aa, ba)
	return Scope(r + ":" + c), ok1 && ok2
}

func intersectHalf(a, b string) (string, bool) {
	switch {
	case a == "*":
		return b, true
	case b == "*" || a == b:
		return a, true
	}
	return "", false
}

// reduceScopes sorts and drops scopes that another one covers.
func reduceScopes(list []Scope) []Scope {
	slices.Sort(list)
	list = slices.Compact(list)
	all := slices.Clone(list)
	return slices.DeleteFunc(list, func(s Scope) bool {
		return slices.ContainsFunc(all, func(o Scope) bool { return o != s && o.Covers(s) })
	})
}

package keystore

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// findUser returns the user that ref names: an id or a name.
func findUser(r kv.Reader, ref string) (User, error) {
	if isID(ref) {
		b, err := r.Get(userRow(UserID(ref)))
		if err != nil {
			return User{}, err
		}
		if b != nil {
			return decodeUser(UserID(ref), b)
		}
	}
	id, err := userIDByName(r, ref)
	if err != nil {
		return User{}, err
	}
	if id == "" {
		near, err := nearUsers(r, ref)
		if err != nil {
			return User{}, err
		}
		return User{}, &NotFoundError{Kind: "user", Ref: ref, Near: near}
	}
	return getUser(r, id)
}

// userIDByName returns the id of the user of a name, or "".
func userIDByName(r kv.Reader, name string) (UserID, error) {
	if name == "" || len(name) > kv.MaxKey/2 {
		return "", nil
	}
	b, err := r.Get(userNameRow(name))
	return UserID(b), err
}

// findKey returns the key that ref names: an id, the id of a secret,
// user/name, or a name that only one user has.
func findKey(r kv.Reader, ref string) (Key, error) {
	for _, find := range []func(kv.Reader, string) (KeyID, error){keyByID, keyBySecret, keyByUserAndName} {
		id, err := find(r, ref)
		if err != nil {
			return Key{}, err
		}
		if id != "" {
			return getKey(r, id)
		}
	}
	return keyByBareName(r, ref)
}

func keyByID(r kv.Reader, ref string) (KeyID, error) {
	if !isID(ref) {
		return "", nil
	}
	b, err := r.Get(keyRow(KeyID(ref)))
	if b == nil {
		return "", err
	}
	return KeyID(ref), err
}

func keyBySecret(r kv.Reader, ref string) (KeyID, error) {
	id, err := token.ParseID(ref)
	if err != nil {
		return "", nil
	}
	b, err := r.Get(secretRow(id))
	return KeyID(b), err
}

func keyByUserAndName(r kv.Reader, ref string) (KeyID, error) {
	user, name, ok := strings.Cut(ref, "/")
	if !ok || len(name) > kv.MaxKey/2 {
		return "", nil
	}
	uid, err := userIDByName(r, user)
	if err != nil || uid == "" {
		return "", err
	}
	b, err := r.Get(keyNameRow(uid, name))
	return KeyID(b), err
}

// keyByBareName looks through all names: a name alone is a convenience.
func keyByBareName(r kv.Reader, ref string) (Key, error) {
	var matches []KeyID
	var near []nearName
	err := r.Scan(table(tableKeyName), func(key, value []byte) error {
		uid, name := splitKeyNameRow(key)
		if name == ref {
			matches = append(matches, KeyID(value))
		} else if d := nearness(ref, name); d < tooFar {
			near = keepNearest(near, nearName{string(uid), name, d})
		}
		return nil
	})
	if err != nil {
		return Key{}, err
	}
	switch len(matches) {
	case 1:
		return getKey(r, matches[0])
	case 0:
		return Key{}, &NotFoundError{Kind: "key", Ref: ref, Near: qualify(r, near)}
	}
	return Key{}, ambiguous(r, ref, matches)
}

func splitKeyNameRow(row []byte) (UserID, string) {
	rest := row[len(tableKeyName):]
	return UserID(rest[:idLen]), string(rest[idLen:])
}

func ambiguous(r kv.Reader, ref string, ids []KeyID) error {
	e := &AmbiguousError{Ref: ref}
	for _, id := range ids[:min(len(ids), 10)] {
		k, err := getKey(r, id)
		if err != nil {
			return err
		}
		v, err := viewOf(r, k)
		if err != nil {
			return err
		}
		e.Matches = append(e.Matches, v.Ref())
	}
	return e
}

func nearUsers(r kv.Reader, ref string) ([]string, error) {
	var near []nearName
	err := r.Scan(table(tableUserName), func(key, _ []byte) error {
		name := string(key[len(tableUserName):])
		if d := nearness(foldName(ref), name); d < tooFar {
			near = keepNearest(near, nearName{name: name, distance: d})
		}
		return nil
	})
	out := make([]string, len(near))
	for i, n := range near {
		out[i] = n.name
	}
	return out, err
}

// nearName is a candidate for "did you mean".
type nearName struct {
	user, name string
	distance   int
}

// keepNearest inserts n and keeps the five nearest.
func keepNearest(list []nearName, n nearName) []nearName {
	i, _ := slices.BinarySearchFunc(list, n, func(a, b nearName) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	list = slices.Insert(list, i, n)
	return list[:min(len(list), 5)]
}

// qualify turns candidates into user/name.
func qualify(r kv.Reader, near []nearName) []string {
	var out []string
	for _, n := range near {
		if u, err := getUser(r, UserID(n.user)); err == nil {
			out = append(out, u.Name+"/"+n.name)
		}
	}
	return out
}

const tooFar = 1000

// nearness returns how far two names are apart, 0 being the same; tooFar
// means that nobody would take one for the other. A part of user/name is
// compared with the name alone.
func nearness(ref, name string) int {
	if _, part, ok := strings.Cut(ref, "/"); ok {
		ref = part
	}
	if ref == "" || len(ref) > 2*MaxKeyName {
		return tooFar
	}
	a, b := strings.ToLower(ref), strings.ToLower(name)
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return 1 + abs(len(a)-len(b))/4
	}
	if d := editDistance(a, b); d <= max(2, len(a)/4) {
		return d
	}
	return tooFar
}

func abs(n int) int { return max(n, -n) }

// editDistance is Levenshtein's, in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

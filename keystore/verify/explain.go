package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Result of a step of an explanation.
type Result string

// The results of a step.
const (
	Passed  Result = "passed"
	Failed  Result = "failed"
	Skipped Result = "not reached"
)

// Step is one question of a decision with its answer.
type Step struct {
	Check  string `json:"check"`
	Result Result `json:"result"`
	Text   string `json:"text"`
}

// Explanation is a decision, step by step. It holds no secret.
type Explanation struct {
	Outcome keystore.Outcome
	Secret  token.ID
	Subject *Subject // nil unless the secret was proven
	Steps   []Step
}

// Explain decides on a request straight from the store and tells every step.
// Nothing is counted or recorded. It is for operators: who holds the string
// is told more than a caller would be.
func Explain(ctx context.Context, st *keystore.Store, req Request) (Explanation, error) {
	var x Explanation
	e, err := x.prove(ctx, st, req)
	if err != nil {
		return Explanation{}, err
	}
	if e != nil {
		x.Subject = e.subject
		x.judge(e, req, st)
	}
	return x, nil
}

func (x *Explanation) add(check string, ok bool, text string) bool {
	r := Passed
	if !ok {
		r = Failed
	}
	x.Steps = append(x.Steps, Step{check, r, text})
	return ok
}

// prove walks the steps up to the proof of the secret. It returns nil if one
// of them failed.
func (x *Explanation) prove(ctx context.Context, st *keystore.Store, req Request) (*entry, error) {
	key, err := token.Parse(st.Prefix(), req.Key)
	if err != nil {
		x.Outcome = keystore.Malformed
		x.add("shape and checksum", false, err.Error())
		return nil, nil
	}
	x.Secret = key.ID()
	x.add("shape and checksum", true, "a key string of this store's form, with a matching checksum")
	v, err := st.Key(ctx, key.ID().String())
	if unknown(v, key.ID(), err) {
		x.Outcome = keystore.Unknown
		x.add("id known", false, "no secret of this store has the id "+key.ID().String())
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	x.add("id known", true, fmt.Sprintf("%s belongs to key %s of %s", key.ID(), v.Name, v.Owner.Name))
	e := entryOf(st, v, key.ID())
	if e == nil {
		return nil, fmt.Errorf("the keyring lacks the pepper of secret %s", key.ID())
	}
	if !x.add("secret proven", e.pepper.Digest(req.Key).Equal(e.digest), "the HMAC of the string is held against the stored one") {
		x.Outcome = keystore.WrongSecret
		return nil, nil
	}
	return e, nil
}

// unknown reports whether a look-up by secret id found no such secret. A key
// that merely has the id as its name is not meant.
func unknown(v keystore.KeyView, id token.ID, err error) bool {
	if err != nil {
		return errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrAmbiguous)
	}
	return !slices.ContainsFunc(v.Secrets, func(s keystore.Secret) bool { return s.ID == id })
}

func entryOf(st *keystore.Store, v keystore.KeyView, id token.ID) *entry {
	x := newIndex(st.Pepper)
	x.apply(keystore.Changes{All: true, Users: []keystore.User{v.Owner}, Keys: []keystore.Key{v.Key}})
	return x.get(id)
}

func (x *Explanation) judge(e *entry, req Request, st *keystore.Store) {
	now := st.Now().UnixMilli()
	x.Outcome = keystore.OK
	for c := range checks {
		if x.Outcome != keystore.OK {
			x.Steps = append(x.Steps, Step{asked[c].title, Skipped, ""})
			continue
		}
		ok := c.passes(e, &req, now)
		if !x.add(asked[c].title, ok, c.say(e, &req, ok)) {
			x.Outcome = asked[c].outcome
		}
	}
}

package review

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/BurntSushi/toml"

	"github.com/pakdeck/pakdeck/keystore"
)

// Policy is the table [review] of the policy file (store.db.policy.toml):
//
//	[review]
//	four_eyes = true   # nobody may keep a key that they own or created
type Policy struct {
	FourEyes bool `toml:"four_eyes"`
}

// ParsePolicy reads the table [review] from the text of a policy file. What else
// is in the file is not looked at.
func ParsePolicy(text string) (Policy, error) {
	var f struct {
		Review Policy `toml:"review"`
	}
	meta, err := toml.Decode(text, &f)
	if err != nil {
		return Policy{}, fmt.Errorf("policy: %w", err)
	}
	for _, k := range meta.Undecoded() {
		if k[0] == "review" {
			return Policy{}, fmt.Errorf("policy: unknown setting %.60q; [review] has four_eyes", k.String())
		}
	}
	return f.Review, nil
}

// ReadPolicy reads it beside a store. Without a file nothing is demanded.
func ReadPolicy(st *keystore.Store) (Policy, error) {
	b, err := os.ReadFile(st.PolicyPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Policy{}, nil
	case err != nil:
		return Policy{}, fmt.Errorf("policy: %w", err)
	}
	p, err := ParsePolicy(string(b))
	if err != nil {
		return Policy{}, fmt.Errorf("%s: %w", st.PolicyPath(), err)
	}
	return p, nil
}

// check refuses what the policy forbids.
func (p Policy) check(k keystore.KeyView, v Verdict, s Stake, who string) error {
	if !p.FourEyes || v != Keep || s == NoStake {
		return nil
	}
	return &keystore.PolicyError{Violations: []keystore.Violation{{
		Rule: "four_eyes", Field: "verdict", Text: "somebody else must keep " + k.Ref() + ": " + s.Words(who),
	}}}
}

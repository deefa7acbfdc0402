package doctor

import (
	"errors"
	"io/fs"
	"os"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/keymap"
)

// policy reads the policy file as all who have a table in it do.
func (p Patient) policy() Check {
	const name = "policy"
	path := keystore.PolicyPath(p.Store)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ok(name, "no file, so nothing is demanded of keys")
	}
	if err == nil {
		_, key := keystore.ParsePolicy(string(b))
		_, judge := lint.ParseConfig(string(b))
		_, reviews := review.ParsePolicy(string(b))
		_, kept := usage.ParseRetention(string(b))
		for _, problem := range []error{kept, reviews, judge, key} {
			if problem != nil {
				err = problem // that of the keys goes first
			}
		}
	}
	if err != nil {
		return Check{Fail, name, path + ": " + err.Error(), "correct the file; until then what it is about is refused"}
	}
	return ok(name, "%s is understood", path)
}

// settings reads the operator's choices for the dashboard as the dashboard does.
func (p Patient) settings() Check {
	const name = "config"
	if p.Config == "" {
		return Check{}
	}
	if _, err := os.Stat(p.Config); errors.Is(err, fs.ErrNotExist) {
		return ok(name, "no %s, so the dashboard is as it comes", p.Config)
	}
	c, err := config.Read(p.Config)
	if err == nil {
		if _, err = keymap.New(tui.Actions(), c.Keys); err != nil {
			err = errors.New(p.Config + ": " + err.Error())
		}
	}
	if err != nil {
		return Check{Fail, name, err.Error(), "correct the file, or move it away: the dashboard does not open with it"}
	}
	return ok(name, "%s is understood", p.Config)
}

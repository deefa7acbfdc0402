// Package draft keeps what an operator has typed into the form of a new key,
// so that a dropped connection costs nothing: the next session offers it again.
//
// A draft is no key and gives nobody access to anything. It is kept in the
// store, one for each operator, beside the journal and without a record in it,
// and it is gone once its key is issued or it is [MaxAge] old. Key strings that
// were pasted into a field by mistake are not kept.
package draft

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// annex holds one row for each operator, in JSON.
const annex keystore.Annex = "draft"

// MaxAge is how long a draft is offered.
const MaxAge = 30 * 24 * time.Hour

// Draft is what was typed. It is comparable in parts only; see [Draft.Equal].
type Draft struct {
	Began time.Time // when the form was opened: which draft it is
	Saved time.Time // set by [Save]
	Step  int       // where the operator was

	Owner, Name, Description        string
	Scopes                          []keystore.Scope
	Expires, Clock, Zone, NotBefore string
	Rotate, Warn                    string
	Allow, Deny                     []iprule.Entry
}

// Ref names the key that is drafted, as far as it has a name.
func (d Draft) Ref() string {
	switch {
	case d.Owner != "" && d.Name != "":
		return d.Owner + "/" + d.Name
	case d.Owner != "":
		return "a key of " + d.Owner
	case d.Name != "":
		return d.Name
	}
	return "a key without a name"
}

// row is what is stored. Of a draft that is done with only its beginning is
// kept, so that a late saving does not bring it back.
type row struct {
	Done  time.Time
	Draft Draft
}

// key is the operator's row: who logged in, and on whose behalf.
func key(env *screen.Env) []byte {
	k := env.Operator + "\x00" + env.Getenv("SUDO_USER")
	return []byte(k[:min(len(k), keystore.MaxAnnexKey)])
}

// Save keeps a draft in place of the operator's earlier one.
func Save(ctx context.Context, env *screen.Env, d Draft) error {
	prefix := env.Store.Prefix()
	for _, s := range []*string{&d.Owner, &d.Name, &d.Description, &d.Expires, &d.Clock, &d.Zone, &d.NotBefore, &d.Rotate, &d.Warn} {
		*s = token.Redact(prefix, *s)
	}
	who := key(env)
	return annex.Change(ctx, env.Store, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		old, err := get(w, who)
		if err != nil || old.Done.Equal(d.Began) {
			return nil, err
		}
		d.Saved = now
		return nil, put(w, who, row{Draft: d})
	})
}

// Drop forgets a draft, the one that began then, for good.
func Drop(ctx context.Context, env *screen.Env, began time.Time) error {
	who := key(env)
	return annex.Change(ctx, env.Store, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		old, err := get(w, who)
		if err != nil || !old.Draft.Began.IsZero() && !old.Draft.Began.Equal(began) {
			return nil, err // somebody else's by now
		}
		return nil, put(w, who, row{Done: began})
	})
}

// Load returns the operator's draft, if there is one.
func Load(ctx context.Context, env *screen.Env) (d Draft, found bool, err error) {
	var r row
	err = annex.View(ctx, env.Store, func(rd kv.Reader) error {
		r, err = get(rd, key(env))
		return err
	})
	d = r.Draft
	found = err == nil && !d.Saved.IsZero() && env.Store.Now().Sub(d.Saved) < MaxAge
	return d, found, err
}

func get(r kv.Reader, who []byte) (out row, err error) {
	b, err := r.Get(who)
	if err != nil || b == nil {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return row{}, fmt.Errorf("the draft of a new key: %w", err)
	}
	return out, nil
}

func put(w kv.Writer, who []byte, r row) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return w.Put(who, b)
}

// Remind returns the command that tells of a draft when the dashboard opens.
func Remind(env *screen.Env) tea.Cmd {
	if env.Store.ReadOnly() {
		return nil
	}
	frozen := *env
	return env.Do(func(ctx context.Context) tea.Msg {
		d, found, err := Load(ctx, &frozen)
		if err != nil || !found {
			return nil // nobody asked for it
		}
		return screen.Say{Text: "your draft of " + text.Safe(d.Ref()) + " is kept since " + frozen.Clock(d.Saved) + ": n goes on with it"}
	})
}

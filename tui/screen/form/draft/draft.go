// Package draft keeps what an operator has typed into the form of a new key,
// so that a dropped connection costs nothing: the next session offers it again.
//
// A draft is no key and gives nobody access to anything. It is kept in the
// store, one for each operator, beside the journal and without a record in it,
// and it is gone once its key is issued or it is [MaxAge] old. An operator at
// two terminals replaces the draft of the one at the other only knowingly: who
// saves says which draft was there before. Key strings that were pasted into a
// field by mistake are not kept.
package draft

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
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

// Draft is what was typed.
type Draft struct {
	Began time.Time // when the form was opened: which draft it is
	Saved time.Time // set by [Desk.Save], as is Version
	// Version counts the savings of an operator's drafts.
	Version uint64
	Step    int // where the operator was

	Owner, Name, Description        string
	Scopes                          []keystore.Scope
	Expires, Clock, Zone, NotBefore string
	Rotate, Warn                    string
	Allow, Deny                     []iprule.Entry
	Terminal                        string // where it was saved, as far as that is known
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

// Desk is where the draft of an operator lies.
type Desk struct {
	Store    *keystore.Store
	Operator string // who logged in: "mira@bastion-1"
	Sudo     string // on whose behalf; may be empty
	Terminal string // at which terminal; may be empty
}

// At returns the desk of who sits before the dashboard.
func At(env *screen.Env) Desk {
	return Desk{env.Store, env.Operator, env.Getenv("SUDO_USER"), Terminal(env.Getenv)}
}

// Terminal names the terminal of an environment as far as that tells: that of
// the SSH session and the pane of tmux in it.
func Terminal(getenv func(string) string) string {
	return strings.TrimSpace(getenv("SSH_TTY") + " " + getenv("TMUX_PANE"))
}

// key is the operator's row: who logged in, and on whose behalf.
func (k Desk) key() []byte {
	who := k.Operator + "\x00" + k.Sudo
	return []byte(who[:min(len(who), keystore.MaxAnnexKey)])
}

// ElsewhereError tells that a draft was not saved because another one is kept
// that the form does not know: somebody works at another terminal.
type ElsewhereError struct{ Theirs Draft }

func (e *ElsewhereError) Error() string {
	return "another draft is kept: " + e.Theirs.Ref() + ", " + e.Theirs.Saved.UTC().Format(time.RFC3339)
}

// Save keeps a draft in place of the one of a version, 0 being none, and returns
// it as it is kept. The error is an [*ElsewhereError] if there is another one by
// now.
func (k Desk) Save(ctx context.Context, d Draft, instead uint64) (Draft, error) {
	prefix := k.Store.Prefix()
	for _, s := range []*string{&d.Owner, &d.Name, &d.Description, &d.Expires, &d.Clock, &d.Zone, &d.NotBefore, &d.Rotate, &d.Warn} {
		*s = token.Redact(prefix, *s)
	}
	d.Terminal = k.Terminal
	err := annex.Change(ctx, k.Store, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		old, err := get(w, k.key())
		switch {
		case err != nil, old.Done.Equal(d.Began):
			return nil, err
		case old.Draft.fresh(now) && old.Draft.Version != instead:
			return nil, &ElsewhereError{old.Draft}
		}
		d.Saved, d.Version = now, old.Draft.Version+1
		return nil, put(w, k.key(), row{Draft: d})
	})
	return d, err
}

// fresh reports whether a draft is to be offered.
func (d Draft) fresh(now time.Time) bool { return !d.Saved.IsZero() && now.Sub(d.Saved) < MaxAge }

// Drop forgets a draft, the one that began then, for good.
func (k Desk) Drop(ctx context.Context, began time.Time) error {
	return annex.Change(ctx, k.Store, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		old, err := get(w, k.key())
		if err != nil || !old.Draft.Began.IsZero() && !old.Draft.Began.Equal(began) {
			return nil, err // another one by now
		}
		return nil, put(w, k.key(), row{Done: began, Draft: Draft{Version: old.Draft.Version}})
	})
}

// Load returns the operator's draft, if there is one.
func (k Desk) Load(ctx context.Context) (d Draft, found bool, err error) {
	var r row
	err = annex.View(ctx, k.Store, func(rd kv.Reader) error {
		r, err = get(rd, k.key())
		return err
	})
	return r.Draft, err == nil && r.Draft.fresh(k.Store.Now()), err
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
	frozen, desk := *env, At(env)
	return env.Do(func(ctx context.Context) tea.Msg {
		d, found, err := desk.Load(ctx)
		if err != nil || !found {
			return nil // nobody asked for it
		}
		return screen.Say{Text: "n goes on with your draft of " + text.Safe(d.Ref()) + ", kept " + frozen.Clock(d.Saved)}
	})
}

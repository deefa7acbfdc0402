package screen

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/pick"
)

// The places a screen can ask to go to. Each is the Scope of the screen there
// and its name in a deep link.
const (
	Keys     = "keys"
	Users    = "users"
	Usage    = "usage"
	Journal  = "journal"
	Lint     = "lint"
	Wizard   = "wizard"   // issue a key
	Edit     = "edit"     // edit a key's name, description, scopes, expiry
	Network  = "network"  // edit a key's address rules
	User     = "user"     // add or edit a user
	Rotate   = "rotate"   // new secrets, and the end of old ones
	Bulk     = "bulk"     // one change to several keys
	Session  = "session"  // new secrets for several keys, in files
	Incident = "incident" // keys in wrong hands
	Review   = "review"   // every key, one by one
	Created  = "created"  // hand over a new key string
	Help     = "help"
	Empty    = "empty" // stands for Keys while the store holds nothing
)

// Emergency, as the first word of the filter of Rotate, refuses the old secrets
// at once.
const Emergency = "emergency"

// Go asks the root to show a place. What it is about is told by the fields
// that the place needs; the others stay zero.
type Go struct {
	Place  string
	Key    keystore.KeyID
	User   keystore.UserID
	Keys   *board.Some // several, instead of Key
	Filter string      // for lists and the journal
	Clone  bool        // of Wizard: begin with the values of Key
}

// Several returns the keys that the place is about as they are on a board: Keys,
// or those whose ids are words of Filter, or Key.
func (to Go) Several(b *board.Board) *board.Some {
	if to.Keys != nil {
		return to.Keys.On(b)
	}
	var ids []keystore.KeyID
	for _, word := range strings.Fields(to.Filter + " " + string(to.Key)) {
		ids = append(ids, keystore.KeyID(word))
	}
	return b.Named(ids...)
}

// Back asks the root to leave the screen and show the one before.
type Back struct{}

// Level says how a message to the operator is meant.
type Level uint8

// The levels of messages.
const (
	Info Level = iota
	OK
	Warning
	Failure
)

// Say asks the root to show a message in the line above the keys.
type Say struct {
	Level Level
	Text  string
	Undo  tea.Cmd // takes the change back, or nil; offered while the message shows
}

// Ask asks the root to put a confirmation over the screen. Then makes the
// command to run when the operator agrees, Other the one of the question's
// third button, if it has one.
type Ask struct {
	Dialog confirm.Model
	Then   func() tea.Cmd
	Other  func() tea.Cmd
}

// Pick asks the root to put a list over the screen in which any number can be
// ticked. Then makes the command to run with the ids of those that are, once
// the operator accepts.
type Pick struct {
	Title string
	List  pick.Model
	Then  func(ticked []string) tea.Cmd
}

// Remember asks the root to keep how a list is shown, for this and later
// sessions.
type Remember struct{ View config.View }

// Sort asks the screen that is shown to put its list in an order, by the order's
// name. Asked for its present one it turns it round.
type Sort struct{ Order string }

// Issued says that a key was created or got a new secret: the root shows the
// popup that hands it over. The secret exists nowhere else. Known tells whether
// the verifiers know it already, so that it works wherever it is pasted.
type Issued struct {
	Key    keystore.KeyView
	Secret token.Key
	Known  follow.Report
}

// HandOver waits until the verifiers know a new secret, and asks the root to show
// it. It is for the command that has made the secret.
func HandOver(ctx context.Context, st *keystore.Store, k keystore.KeyView, secret token.Key) Issued {
	return Issued{k, secret, follow.Await(ctx, st)}
}

// Work asks the root to do what may take minutes. It goes on whatever is shown, the
// line above the keys tells how far it is, and esc stops it.
type Work struct {
	Doing string // "disabling 12 keys"
	Size  int    // of what
	// Do does it until it is done or ctx ends, says now and then how much is done, and
	// returns the message that tells what came of it. It may use nothing of a screen
	// but copies.
	Do func(ctx context.Context, done func(int)) tea.Msg
}

// Refresh asks the root to read the store now, not at the next tick.
type Refresh struct{}

// Judge asks the root to let the linter judge the store anew: something was
// changed that is no key and no user, such as a waiver.
type Judge struct{}

// Verified tells what a check of the whole journal found; the frame shows it
// until the store changes hands.
type Verified struct {
	Report journal.Report
	At     time.Time
}

// Failed reports that a command could not do what it was for. The root shows
// it; a conflict or a busy store is told in full.
type Failed struct {
	Doing string // "revoking build-bot/ci"
	Err   error
	// Keys or User are what was to be changed, as the operator saw them: after a
	// conflict both values are shown.
	Keys []keystore.KeyView
	User keystore.User
}

// Shown tells a screen that it is shown again after another one. Commands that
// it had under way may have ended meanwhile without its hearing of it.
type Shown struct{}

// Tell returns the command that sends a message.
func Tell(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/text"
)

// talk is one conversation.
type talk struct {
	ctx     context.Context
	st      *keystore.Store
	in      *bufio.Reader
	over    error // why in can no longer be read
	out     io.Writer
	broken  error // of out
	zone    *time.Location
	local   *time.Location
	home    string
	hidden  func(context.Context, string) (string, error)
	listed  []keystore.KeyID // by the number in the last list, less one
	users   []string         // likewise
	found   []lint.Finding   // likewise
	waivers []lint.Waiver    // likewise
	last    *undo            // the last change that can be taken back; nil: none
	desk    draft.Desk       // where the operator's draft lies
	known   uint64           // version of the draft that the operator knows of
	opens   string           // the command that shows a number of the last list
}

func newTalk(ctx context.Context, o Options) *talk {
	in := bufio.NewReaderSize(o.In, longestLine)
	return &talk{ctx: ctx, st: o.Store, in: in, out: o.Out, zone: o.Zone, local: o.Zone, home: o.Home, hidden: o.Hidden, desk: o.Desk}
}

// say writes one line. Whatever it holds, it is a line and harmless.
func (t *talk) say(format string, args ...any) {
	t.write(text.Safe(fmt.Sprintf(format, args...)) + "\n")
}

func (t *talk) write(s string) {
	if _, err := io.WriteString(t.out, s); err != nil {
		t.broken = err
	}
}

// fail tells why something was not done.
func (t *talk) fail(err error) {
	for line := range strings.Lines(err.Error()) {
		t.say("Failed: %s", strings.TrimSpace(line))
	}
	if conflict, ok := errors.AsType[*keystore.ConflictError](err); ok {
		t.theirs(conflict)
	}
}

// when writes an instant and how far off it is.
func (t *talk) when(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return expiry.Local(at, t.zone) + ", " + expiry.In(at, t.st.Now())
}

// times tells times in UTC from now on, or in local time again.
func (t *talk) times(string) error {
	if t.zone == time.UTC {
		t.zone = t.local
	} else {
		t.zone = time.UTC
	}
	t.say("Times are told in %s, which has %s now.", t.zone, expiry.Local(t.st.Now(), t.zone))
	return nil
}

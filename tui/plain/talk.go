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
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
)

// errBack is the answer ".": the operator has thought better of it.
var errBack = errors.New("back to the command")

// longestLine is how much is taken for one answer, in bytes: a pasted list of
// addresses fits.
const longestLine = 64 << 10

// talk is one conversation.
type talk struct {
	ctx     context.Context
	st      *keystore.Store
	in      *bufio.Scanner
	out     io.Writer
	broken  error // of out
	zone    *time.Location
	home    string
	actions []keymap.Action
	hidden  func(context.Context, string) (string, error)
	listed  []keystore.KeyID // by the number in the last list, less one
	found   []lint.Finding   // likewise
}

func newTalk(ctx context.Context, o Options) *talk {
	in := bufio.NewScanner(o.In)
	in.Buffer(nil, longestLine)
	return &talk{ctx: ctx, st: o.Store, in: in, out: o.Out, zone: o.Zone, home: o.Home, actions: o.Actions, hidden: o.Hidden}
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

// ask asks for one line until check agrees. An empty answer is the default.
func (t *talk) ask(what, standard string, check func(string) error) (string, error) {
	for {
		prompt := what
		if standard != "" {
			prompt += " [" + standard + "]"
		}
		t.write(text.Safe(prompt) + ": ")
		if !t.in.Scan() {
			t.write("\n")
			return "", t.ended()
		}
		answer := strings.TrimSpace(t.in.Text())
		switch {
		case answer == ".":
			return "", errBack
		case answer == "":
			answer = standard
		}
		if check == nil {
			return answer, nil
		}
		err := check(answer)
		if err == nil {
			return answer, nil
		}
		t.fail(err)
	}
}

// askHidden asks for one line that is not to be seen, where that can be had.
func (t *talk) askHidden(what string) (string, error) {
	if t.hidden == nil {
		return t.ask(what, "", nil)
	}
	answer, err := t.hidden(t.ctx, what+": ")
	if err == nil && answer == "." {
		err = errBack
	}
	return answer, err
}

// ended says why there is no line.
func (t *talk) ended() error {
	if err := t.in.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d bytes, and what follows would be misread: %w", longestLine, io.EOF)
	}
	return io.EOF
}

// agree asks for a yes. Anything else is none.
func (t *talk) agree(question string) error {
	answer, err := t.ask(question+` Type "yes" to go on`, "", nil)
	if err == nil && !strings.EqualFold(answer, "yes") {
		err = errBack
	}
	return err
}

// typeName asks for the name of a key before something that is for ever; for
// its id if the name holds what no keyboard has.
func (t *talk) typeName(v keystore.KeyView) error {
	name := v.Name
	if text.Safe(name) != name || strings.Contains(name, "  ") || strings.TrimSpace(name) != name {
		name = string(v.ID)
	}
	answer, err := t.ask("Type "+name+" to go on", "", nil)
	if err == nil && answer != name {
		err = errBack
	}
	return err
}

// when writes an instant and how far off it is.
func (t *talk) when(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return expiry.Local(at, t.zone) + ", " + expiry.In(at, t.st.Now())
}

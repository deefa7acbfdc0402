package plain_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
	"github.com/pakdeck/pakdeck/tui/text"
)

func TestAQuestionMarkTellsWhatCanBeAnswered(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "?", "disable build-bot/metrics-pusher", "?", "back", "lint", "?", "back", "back", "help 1", "help due", "help nonsense")
	want(
		t, said, "1. keys: keys, key, new", "Only the word yes does it.", "At every question: ?", "told in pages of 20 lines",
		"This is the command already", "clone KEY: issue a key with the same rules.", "due: what has to be done", `Failed: "nonsense" is no topic and no command`,
	)
	if n := strings.Count(said, "Nothing was changed."); n != 1 {
		t.Errorf("said %d times that nothing was changed:\n%s", n, said)
	}
}

func TestANumberShowsThatOfTheLastList(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "7", "keys metrics", "1", "lint build-bot/metrics-pusher", "1"),
		`there is no command "7"`, "Key: build-bot/metrics-pusher", "Finding: ")
}

// TestCtrlDGoesBackOneLevel: a terminal goes on after ctrl+d.
func TestCtrlDGoesBackOneLevel(t *testing.T) {
	st := decktest.Sample(t)
	var out bytes.Buffer
	in := &terminal{lines: []string{"disable build-bot/metrics-pusher", "", "users", ""}}
	if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: in, Out: &out}); err != nil {
		t.Fatal(err)
	}
	want(t, out.String(), "Nothing was changed.", "build-bot, service")
	if k := st.Key("build-bot/metrics-pusher"); !k.DisabledAt.IsZero() {
		t.Error("it was disabled")
	}
}

// terminal gives its lines; an empty one is ctrl+d.
type terminal struct{ lines []string }

func (r *terminal) Read(p []byte) (int, error) {
	if len(r.lines) == 0 {
		return 0, errors.New("it was asked after the end")
	}
	line := r.lines[0]
	r.lines = r.lines[1:]
	if line == "" {
		return 0, io.EOF
	}
	return copy(p, line+"\n"), nil
}

func TestAKeyStringTypedAsACommandIsNotRepeated(t *testing.T) {
	const secret = "pak_4kTMd9zqW8aB_0123456789012345678901234567890123456789012345678"
	if said := converse(t, decktest.Sample(t), secret, "help "+secret); strings.Contains(said, secret[20:]) {
		t.Errorf("it is shown:\n%s", said)
	}
}

// TestEveryCommandTakesHelpAndBack: wherever a command asks first, and whatever it
// is about, "?" tells and "back" changes nothing.
func TestEveryCommandTakesHelpAndBack(t *testing.T) {
	st := decktest.Sample(t)
	for _, args := range []string{"", " " + rotated, " mira", " 1"} {
		for _, name := range plain.Commands() {
			said := converse(t, st, name+args, "?", "back", "back")
			for line := range strings.Lines(said) {
				if _, bad := text.Unsafe(strings.TrimRight(line, "\n")); bad {
					t.Errorf("%s%s says %q", name, args, line)
				}
			}
			if strings.Contains(said, "there is no command") || !strings.HasSuffix(said, "Command: \n") {
				t.Errorf("%s%s: %s", name, args, said)
			}
		}
	}
	if head, err := st.Head(t.Context()); err != nil || head.Size != 40 {
		t.Errorf("the journal has %d records, %v", head.Size, err)
	}
}

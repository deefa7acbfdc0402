package plain

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// errBack is the answer "back": the operator has thought better of it.
var errBack = errors.New("back to the command")

// errEnd is the end of the input, which goes back, too, and where there is
// nothing to go back to, ends the program. A terminal can go on after ctrl+d.
var errEnd = fmt.Errorf("%w: the input ended", errBack)

// notBack is an error but for the wish to go back, where something was changed
// already.
func notBack(err error) error {
	if errors.Is(err, errBack) {
		return nil
	}
	return err
}

// longestLine is how much is taken for one answer, in bytes: a pasted list of
// addresses fits.
const longestLine = 64 << 10

// atQuestions is what holds at every question.
const atQuestions = "At every question: ? tells what can be answered, Enter alone takes what stands in brackets, back or a dot or ctrl+d goes back and changes nothing."

// question is one line that is wanted.
type question struct {
	what     string
	standard string // the answer that is taken for an empty one
	check    func(string) error
	help     []string     // lines for "?"
	list     func() error // what "?" does first, or nil
}

// isBack reports whether an answer goes back.
func isBack(answer string) bool { return answer == "." || strings.EqualFold(answer, "back") }

// ask asks for one line until check agrees. An empty answer is the default. What
// help says is told at a "?".
func (t *talk) ask(what, standard string, check func(string) error, help ...string) (string, error) {
	return t.put(question{what: what, standard: standard, check: check, help: help})
}

// put asks a question until there is an answer to it.
func (t *talk) put(q question) (string, error) {
	for {
		prompt := q.what
		if q.standard != "" {
			prompt += " [" + q.standard + "]"
		}
		t.write(text.Safe(prompt) + ": ")
		answer, err := t.line()
		if err != nil {
			t.write("\n")
			return "", errEnd
		}
		answer = strings.TrimSpace(answer)
		switch {
		case isBack(answer):
			return "", errBack
		case answer == "?":
			if err := t.explain(q); err != nil {
				return "", err
			}
			continue
		case answer == "":
			answer = q.standard
		}
		if q.check == nil {
			return answer, nil
		}
		if err := q.check(answer); err != nil {
			t.fail(err)
			continue
		}
		return answer, nil
	}
}

// explain tells what a question wants.
func (t *talk) explain(q question) error {
	if q.list != nil {
		if err := q.list(); err != nil {
			return err
		}
	}
	for _, line := range q.help {
		t.say("%s", line)
	}
	t.say("%s", atQuestions)
	return nil
}

// line reads one line without its end.
func (t *talk) line() (string, error) {
	if t.over != nil {
		return "", t.over
	}
	b, err := t.in.ReadSlice('\n')
	switch {
	case errors.Is(err, io.EOF) && len(b) > 0, err == nil:
		if t.hidden == nil {
			t.write("\n") // no terminal has shown the end of the answer
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case errors.Is(err, io.EOF):
		return "", err
	}
	// What would be read next is no answer to what is asked next.
	t.over = err
	return "", err
}

// askHidden asks for one line that is not to be seen, where that can be had.
func (t *talk) askHidden(what string, help ...string) (string, error) {
	if t.hidden == nil {
		return t.ask(what, "", nil, help...)
	}
	for {
		answer, err := t.hidden(t.ctx, what+": ")
		switch {
		case err == nil && isBack(answer):
			return "", errBack
		case err == nil && answer == "?":
			if err := t.explain(question{help: help}); err != nil {
				return "", err
			}
			continue
		}
		return answer, err
	}
}

// option is one of several answers.
type option struct {
	name, help string
	off        string // why it cannot be had; empty if it can
}

// choose lists answers by number and asks for one of them, by number or name. The
// one called standard is taken for an empty answer.
func (t *talk) choose(what, standard string, options ...option) (string, error) {
	return t.chooseAgain(what, standard, false, options...)
}

// chooseAgain is choose where the answers were listed just before: then they are
// listed at a "?" alone.
func (t *talk) chooseAgain(what, standard string, listed bool, options ...option) (string, error) {
	list := func() error {
		for i, o := range options {
			said := o.help
			if o.off != "" {
				said = "not now: " + o.off
			}
			t.say("%d. %s%s", i+1, o.name, when(said != "", ": "+said))
		}
		return nil
	}
	if !listed {
		_ = list()
	}
	var chosen string
	_, err := t.put(question{what: what + ", a number or a word", standard: standard, list: list, check: func(s string) error {
		i := slices.IndexFunc(options, func(o option) bool { return strings.EqualFold(o.name, s) })
		if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= len(options) {
			i = n - 1
		}
		switch {
		case i < 0:
			return fmt.Errorf("%s is none of them; answer with a number from 1 to %d, or the word behind it", quoted(s), len(options))
		case options[i].off != "":
			return fmt.Errorf("%q cannot be had: %s", options[i].name, options[i].off)
		}
		chosen = options[i].name
		return nil
	}})
	return chosen, err
}

// quoted is what was typed, for a message that says what is wrong with it.
func quoted(s string) string { return quote.Input(s) }

// agree asks for a yes. Anything else is none.
func (t *talk) agree(what string) error {
	answer, err := t.ask(what+` Type "yes" to go on`, "", nil, "Only the word yes does it. Anything else goes back, and nothing is changed.")
	if err == nil && !strings.EqualFold(answer, "yes") {
		err = errBack
	}
	return err
}

// typeCount asks for a number of things before all of them are changed.
func (t *talk) typeCount(what string, n int) error {
	answer, err := t.ask(fmt.Sprintf("%s Type the number %d to go on", what, n), "", nil, "Only that number does it. Anything else goes back, and nothing is changed.")
	if err == nil && answer != strconv.Itoa(n) {
		err = errBack
	}
	return err
}

// typeName asks for the name of a key before something that is for ever; for
// its id if the name holds what no keyboard has, or would be no name here.
func (t *talk) typeName(v keystore.KeyView) error {
	name := words.Typable(v)
	if isBack(name) || name == "?" {
		name = string(v.ID)
	}
	answer, err := t.ask("Type "+name+" to go on", "", nil, "This is for ever. Anything but that goes back, and nothing is changed.")
	if err == nil && answer != name {
		err = errBack
	}
	return err
}

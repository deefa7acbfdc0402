package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/pakdeck/pakdeck/tui/text"
)

// note says something beside the data. What it quotes is made safe.
func (a *app) note(format string, args ...any) { a.say("note", fmt.Sprintf(format, args...)) }

// warn says what the operator should look at.
func (a *app) warn(message string) {
	if a.json {
		a.say("warning", message)
		return
	}
	a.say("note", "warning: "+message)
}

// say writes to standard error: a sentence, or with --json an object of one
// field.
func (a *app) say(kind, message string) {
	if a.json {
		b, err := marshal(map[string]string{kind: message}, "")
		if err == nil {
			_, _ = a.err.Write(b)
		}
		return
	}
	for line := range strings.SplitSeq(message, "\n") {
		_, _ = fmt.Fprintln(a.err, a.shown(line))
	}
}

// maxLine bounds a line on standard error, in cells. Some of what it quotes is
// not bounded by who wrote the error, such as the path of a file.
const maxLine = 1000

// shown returns foreign text as the terminal may get it.
func (a *app) shown(line string) string {
	line = text.TruncateMiddle(line, maxLine)
	if !a.utf8() && isTerminal(a.err) {
		line = text.ASCII(line)
	}
	return line
}

// report tells of an error and returns the exit code. Flags that could not be
// read leave --json unset, so it is looked for in the arguments as well.
func (a *app) report(err error, args []string) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNegative):
		return exitNo
	}
	f := faultOf(err)
	f.Message = shortened(f.Message)
	if a.json || slices.Contains(args, "--json") {
		if b, err := marshal(map[string]fault{"error": f}, ""); err == nil {
			_, _ = a.err.Write(b)
		}
		return f.exit
	}
	a.note("pakdeck: %s", f.Message)
	if f.Hint != "" {
		a.note("hint: %s", f.Hint)
	}
	return f.exit
}

// shortened bounds the lines of a message.
func shortened(message string) string {
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		if len(line) > maxLine {
			lines[i] = text.TruncateMiddle(line, maxLine)
		}
	}
	return strings.Join(lines, "\n")
}

// errOutput is in the chain of errors of writing to standard output.
var errOutput = errors.New("writing to standard output")

// print writes lines of data, each made safe for a terminal.
func (a *app) print(lines ...string) error {
	for _, line := range lines {
		line = text.Safe(line)
		if !a.utf8() && isTerminal(a.out) {
			line = text.ASCII(line)
		}
		if err := a.write([]byte(line + "\n")); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) write(b []byte) error {
	if _, err := a.out.Write(b); err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	return nil
}

// gap is between the columns of a table.
const gap = 2

// printTable writes rows under a heading.
func (a *app) printTable(heading []string, rows [][]string) error {
	return a.printRows(append([][]string{heading}, rows...))
}

// printRows writes rows in columns. The last column is not padded.
func (a *app) printRows(rows [][]string) error { return a.print(columns(rows)...) }

// columns returns rows as lines whose columns stand below each other.
func columns(rows [][]string) []string {
	lines := text.Columns(rows, gap)
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// printJSON writes a value as JSON for people and programs.
func (a *app) printJSON(v any) error {
	b, err := marshal(v, "  ")
	if err != nil {
		return err
	}
	return a.write(b)
}

// marshal returns a value as JSON with a line end. Characters that could
// disturb a terminal are escaped, so that the output may be looked at.
func marshal(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return escapeJSON(b.Bytes()), nil
}

// escapeJSON escapes what encoding/json leaves alone and a terminal does not:
// DEL, C1 controls, directions, invisible characters. They occur in strings
// only, where \u may stand for them.
func escapeJSON(b []byte) []byte {
	if !bytes.ContainsFunc(b, disturbs) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, r := range string(b) {
		if !disturbs(r) {
			out = append(out, string(r)...)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

func disturbs(r rune) bool {
	return r != '\n' && (!unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector))
}

package main

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/text"
)

// The words for an empty list. An empty value is refused, because it is most
// often a variable that was not set, and an empty list permits the most.
const (
	anyAddress = "any"   // of --allow: no allow list
	noEntry    = "none"  // of --deny and --permission
	allOfOwner = "owner" // of --scope: all that the owner may do
)

// maxListFile is the size limit of a list in a file, in bytes.
const maxListFile = 64 << 10

// readList returns the text of a list flag: the value itself, or what is in
// the file that follows "@".
func readList(value string) (string, error) {
	path, ok := strings.CutPrefix(value, "@")
	if !ok {
		return value, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", &usageError{text: fileError("list file", path, err).Error()}
	}
	b, err := io.ReadAll(io.LimitReader(f, maxListFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", &usageError{text: fileError("list file", path, err).Error()}
	}
	if len(b) > maxListFile {
		return "", usagef("list file %s has more than 64 KiB", text.Quote(path))
	}
	return string(b), nil
}

// parseScopes reads the values of --scope or --permission; the word alone
// stands for the empty list.
func parseScopes(flag, word string, values []string) ([]keystore.Scope, error) {
	if isWord(word, values) {
		return nil, nil
	}
	var all []string
	var errs []error
	for _, value := range values {
		list, err := readList(value)
		items := scopeItems(list)
		if err == nil && len(items) == 0 {
			err = usagef("--%s %s holds no scope; write resource:action%s", flag, text.Quote(value), orWord(word))
		}
		errs = append(errs, err)
		all = append(all, items...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return keystore.ParseScopes(all)
}

// scopeItems takes a list of scopes apart. A "#" begins a comment.
func scopeItems(text string) []string {
	var items []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		items = append(items, strings.FieldsFunc(line, func(r rune) bool {
			return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' || r == '\r'
		})...)
	}
	return items
}

// parseEntries reads the values of --allow or --deny; the word alone stands
// for the empty list. What was normalised is noted.
func (a *app) parseEntries(flag, word string, values []string) ([]iprule.Entry, error) {
	if isWord(word, values) {
		return nil, nil
	}
	var all []iprule.Entry
	var errs []error
	for _, value := range values {
		list, err := readList(value)
		entries, bad := iprule.ParseList(list)
		if err == nil && len(entries)+len(bad) == 0 {
			err = usagef("--%s %s holds no address; write an address, a prefix or a range%s", flag, text.Quote(value), orWord(word))
		}
		errs = append(errs, err)
		for _, e := range bad {
			errs = append(errs, inValue(e, list))
		}
		a.noteHint(list)
		all = append(all, entries...)
	}
	return all, errors.Join(errs...)
}

// isWord reports whether the values are the word for the empty list; a list
// that is only added to has none.
func isWord(word string, values []string) bool {
	return word != "" && len(values) == 1 && values[0] == word
}

func orWord(word string) string {
	if word == "" {
		return ""
	}
	return ", or " + word
}

// inValue leaves out the number of the line where there is only one.
func inValue(e iprule.LineError, text string) error {
	if !strings.Contains(strings.TrimSpace(text), "\n") {
		return e.Err
	}
	return e
}

// noteHint tells what became of a single item that was normalised.
func (a *app) noteHint(text string) {
	item, _, _ := strings.Cut(text, "#")
	if _, hint, err := iprule.Parse(item); err == nil && hint != "" {
		a.note("%s", hint)
	}
}

// without returns list less the entries of the same prefixes as in gone. One
// that is not there is an error: it may be a slip.
func without(list []iprule.Entry, flag string, gone []iprule.Entry) ([]iprule.Entry, error) {
	for _, g := range gone {
		same := func(e iprule.Entry) bool { return e.Prefix == g.Prefix }
		if !slices.ContainsFunc(list, same) {
			return nil, usagef("--%s %v: there is no such entry", flag, g.Prefix)
		}
		list = slices.DeleteFunc(slices.Clone(list), same)
	}
	return list, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

// maxTyped bounds what is read as a key string or passphrase, in bytes.
const maxTyped = 4 << 10

// readKeyString reads a key string from standard input, or asks for it
// without echo if that is a terminal.
func (a *app) readKeyString(ctx context.Context) (string, error) {
	if isTerminal(a.in) {
		s, err := a.ask(ctx, "Key string: ")
		if err == nil && s == "" {
			err = usagef("no key string was typed")
		}
		return s, err
	}
	b, err := wait(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.in, maxTyped)) })
	if err != nil {
		return "", err
	}
	s := strings.TrimSpace(string(b))
	if s == "" {
		return "", usagef("standard input is empty; write the key string to it")
	}
	return s, nil
}

// ask asks on the terminal without echo, whatever the standard streams are.
func (a *app) ask(ctx context.Context, prompt string) (answer string, err error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", &failedError{text: "there is no terminal to ask on", hint: "give the passphrase with --passphrase-file"}
	}
	defer func() { err = errors.Join(err, tty.Close()) }()
	fd := int(tty.Fd())
	// The echo is off before the prompt is seen, so that nothing typed or
	// pasted at once shows. term.ReadPassword switches it off too late, and may
	// do so after an interrupt has switched it on again.
	restore, err := hush(fd)
	if err != nil {
		return "", err
	}
	_, _ = fmt.Fprint(tty, prompt)
	line, err := wait(ctx, func() (string, error) { return readLine(tty) })
	err = errors.Join(err, restore())
	_, _ = fmt.Fprintln(tty)
	if len(line) >= maxTyped {
		return "", usagef("that was longer than %d characters", maxTyped-1)
	}
	return strings.TrimSpace(line), err
}

// wait runs a blocking read until it returns or ctx ends.
func wait[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		b   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		b, err := read()
		done <- result{b, err}
	}()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case r := <-done:
		return r.b, r.err
	}
}

// newPassphrase reads a passphrase from a file, or asks for it twice.
func (a *app) newPassphrase(ctx context.Context, file string) (string, error) {
	if file != "" {
		return readPassphrase(file)
	}
	first, err := a.ask(ctx, "New passphrase: ")
	if err != nil {
		return "", err
	}
	second, err := a.ask(ctx, "The same again: ")
	if err != nil {
		return "", err
	}
	switch {
	case first == "":
		return "", usagef("the passphrase is empty")
	case first != second:
		return "", usagef("the two passphrases differ; nothing was done")
	}
	return first, nil
}

// readPassphrase returns the first line of a file that others cannot read.
func readPassphrase(path string) (string, error) {
	b, err := pak.Load(path)
	if err != nil {
		return "", fileError("passphrase file", path, errors.Unwrap(err))
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", usagef("the first line of the passphrase file %s is empty", text.Quote(path))
	}
	return line, nil
}

// readLine reads one line of at most maxTyped bytes, and no more than it.
func readLine(r io.Reader) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for len(line) < maxTyped {
		n, err := r.Read(b)
		if n > 0 && b[0] == '\n' {
			break
		}
		line = append(line, b[:n]...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return string(line), nil
}

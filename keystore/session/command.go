package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const (
	// commandPatience is how long a command may take.
	commandPatience = 2 * time.Minute
	// mostSaid is how much of what a command complains of is kept.
	mostSaid = 4096
)

// CommandError is a command that did not take a key string.
type CommandError struct {
	Code int    // its exit code; -1 if it was killed or could not be run
	Said string // the last line of its complaint, without what may be the key
}

func (e *CommandError) Error() string {
	text := fmt.Sprintf("the command ended with exit code %d", e.Code)
	if e.Code < 0 {
		text = "the command was ended"
	}
	if e.Said != "" {
		text += ": " + e.Said
	}
	return text
}

// give runs a line of sh with a key string and a line end on its standard input,
// and what the key is in its environment: PAK_ID, PAK_NAME, PAK_OWNER,
// PAK_SECRET_ID and PAK_EXPIRES. The key string is neither in the environment nor
// among the arguments. The command has no terminal, and ends with ctx.
func give(ctx context.Context, line string, k keystore.KeyView, secret token.Key) error {
	ctx, cancel := context.WithTimeout(ctx, commandPatience)
	defer cancel()
	c := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	expires := "never"
	if !k.Expires.IsZero() {
		expires = k.Expires.Format(time.RFC3339)
	}
	c.Env = append(os.Environ(), "PAK_ID="+string(k.ID), "PAK_NAME="+k.Name, "PAK_OWNER="+k.Owner.Name,
		"PAK_SECRET_ID="+secret.ID().String(), "PAK_EXPIRES="+expires)
	c.Stdin = strings.NewReader(secret.Reveal() + "\n")
	said := &tail{}
	c.Stderr = said
	// A session of its own: no terminal to ask on, and one signal ends all of it.
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	err := c.Run()
	if err == nil {
		return nil
	}
	failed := &CommandError{Code: -1, Said: said.lastLine()}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		failed.Code = exit.ExitCode()
	case ctx.Err() == nil && failed.Said == "":
		failed.Said = err.Error()
	}
	return failed
}

// tail keeps the end of what is written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-mostSaid):]
	return len(p), nil
}

// keyLike is what may be a key string, or part of one, in whatever encoding.
var keyLike = regexp.MustCompile(`[0-9A-Za-z+=_-]{16,}`)

// lastLine returns the last line that says something.
func (t *tail) lastLine() string {
	lines := bytes.Split(bytes.TrimSpace(t.b), []byte("\n"))
	last := strings.ToValidUTF8(string(lines[len(lines)-1]), "?")
	last = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, keyLike.ReplaceAllString(last, "[...]"))
	const most = 120
	if r := []rune(last); len(r) > most {
		last = string(r[:most])
	}
	return strings.TrimSpace(last)
}

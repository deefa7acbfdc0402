package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

// brokenWriter fails every write, as a full disk does.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A key whose file cannot be saved is there, so its key string must come out.
func TestKeyStringIsHandedOutIfSavingFails(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		b := newBench(t).filled()
		st := b.open()
		u, err := st.User(t.Context(), "bot")
		if err != nil {
			t.Fatal(err)
		}
		k, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "new"})
		if err != nil {
			t.Fatal(err)
		}
		var out, notes bytes.Buffer
		a := b.app(strings.NewReader(""), &out, &notes)
		a.json = asJSON
		path := filepath.Join(t.TempDir(), "gone", "new.pak")
		err = a.handOver(t.Context(), st, k, secret, handover{path: path, said: func() {}})
		if f := faultOf(err); f.exit != exitFailed || !strings.Contains(f.Message, "is written out, because it could not be saved") {
			t.Errorf("json %v: got %+v", asJSON, f)
		}
		if !strings.Contains(out.String(), secret.Reveal()) || strings.Contains(out.String(), "new.pak") {
			t.Errorf("json %v: the output lacks the key string or names the file: %q", asJSON, out.String())
		}
		if strings.Contains(notes.String(), secret.Reveal()) {
			t.Error("the key string is on standard error")
		}
		if saved := b.run("audit", "list", "--event", "key.save"); saved.out != "" {
			t.Errorf("the journal tells of a file: %q", saved.out)
		}
	}
}

func TestLostKeyStringIsTold(t *testing.T) {
	b := newBench(t).filled()
	var notes bytes.Buffer
	code := b.app(strings.NewReader(""), brokenWriter{}, &notes).run(t.Context(),
		[]string{"key", "create", "--user", "bot", "--name", "lost", "--expires", "1d"})
	if code != exitFailed || !strings.Contains(notes.String(), "the key string of bot/lost was made: writing to standard output: no space left") ||
		!strings.Contains(notes.String(), "revoke the key and issue another") {
		t.Errorf("exit code %d: %s", code, notes.String())
	}
}

func TestFullDiskIsAnErrorOfEveryOutput(t *testing.T) {
	b := newBench(t).filled()
	for _, line := range []string{"key list", "key list --json", "key show ci", "user list", "audit list", "audit list --json", "audit verify", "audit checkpoint", "version"} {
		if code := b.app(nil, brokenWriter{}, io.Discard).run(t.Context(), strings.Fields(line)); code != exitFailed {
			t.Errorf("%s: exit code %d", line, code)
		}
	}
}

// cancelingWriter ends a context at the first write.
type cancelingWriter struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (w *cancelingWriter) Write(b []byte) (int, error) {
	w.cancel()
	return w.Buffer.Write(b)
}

// A signal after the key was made must stop neither its key string nor the
// record of where it went.
func TestSignalDoesNotStopTheHandover(t *testing.T) {
	b := newBench(t).filled()
	ctx, cancel := context.WithCancel(t.Context())
	out := &cancelingWriter{cancel: cancel}
	path := filepath.Join(t.TempDir(), "new.pak")
	code := b.app(nil, out, io.Discard).run(ctx, []string{"key", "create", "--user", "bot", "--name", "new", "--expires", "1d", "--pak", path, "--print"})
	if code != exitOK || !strings.HasPrefix(out.String(), "pak_") || ctx.Err() == nil {
		t.Errorf("exit code %d, %q", code, out.String())
	}
	if saved := b.must("audit", "list", "--event", "key.save"); !strings.Contains(saved, "new.pak, plain") {
		t.Errorf("the journal does not tell of the file: %q", saved)
	}
}

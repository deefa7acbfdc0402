// Package follow tells who has changed a store when every verifier on the
// machine decides by the change: a new secret that is handed over sooner might
// be refused, an old one that is thought dead be accepted.
//
// Each verifier says how far it is in a file of its own in a folder beside the
// store, and holds a lock on it for as long as it runs; a file that nobody holds
// is what a killed one left, and is removed. [Await] looks until all are as far
// as the store is. It never waits for ever: who hangs is counted and told.
//
// The files hold the size of the journal and nothing else. Verifiers on other
// machines are not known here, nor is one that may not write beside the store;
// where none is known, Await waits as long as one takes by experience.
package follow

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore"
)

// Within is how long after the return of a change a verifier on the same machine
// takes to decide by it.
const Within = 100 * time.Millisecond

// patience is how long a verifier is waited for that says it is not so far.
const patience = 2 * time.Second

// pause is the time between two looks at a verifier's file.
const pause = time.Millisecond

// Report is what [Await] found.
type Report struct {
	Verifiers int // on this machine, as far as they are known
	Late      int // of them: those that had not followed in time
	Took      time.Duration
}

// String says it in words, such as "2 verifiers know it after 12 ms".
func (r Report) String() string {
	switch {
	case r.Verifiers == 0:
		return "no verifier runs here"
	case r.Late > 0 && r.Verifiers == 1:
		return fmt.Sprintf("the verifier had not followed after %v", r.Took.Round(100*time.Millisecond))
	case r.Late > 0:
		return fmt.Sprintf("%d of %d verifiers had not followed after %v", r.Late, r.Verifiers, r.Took.Round(100*time.Millisecond))
	case r.Verifiers == 1:
		return fmt.Sprintf("the verifier knows it after %d ms", r.Took.Milliseconds())
	}
	return fmt.Sprintf("%d verifiers know it after %d ms", r.Verifiers, r.Took.Milliseconds())
}

// Await waits until every verifier on this machine decides by what is in the
// store now, or until ctx ends.
func Await(ctx context.Context, st *keystore.Store) Report {
	r := Known(ctx, st)
	if r.Verifiers == 0 {
		sleep(ctx, Within)
		r.Took = Within
	}
	return r
}

// Known is [Await] for what is no emergency: it waits for those verifiers alone
// that say how far they are.
func Known(ctx context.Context, st *keystore.Store) Report {
	began := time.Now()
	behind := verifiers(st.Path(), func(path string) { _ = os.Remove(path) })
	r := Report{Verifiers: len(behind)}
	defer func() {
		for _, f := range behind {
			_ = f.Close()
		}
	}()
	if len(behind) == 0 {
		return r
	}
	head, err := st.Head(ctx)
	if err != nil {
		sleep(ctx, Within)
		r.Took, r.Late = time.Since(began), len(behind)
		return r
	}
	for {
		behind = stillBehind(behind, head.Size)
		r.Took, r.Late = time.Since(began), len(behind)
		if len(behind) == 0 || r.Took >= patience || ctx.Err() != nil {
			return r
		}
		sleep(ctx, pause)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// folder is where the verifiers of a store have their files.
func folder(store string) string { return store + ".verifiers" }

// making begins the name of a file that is not locked yet.
const making = ".new-"

// Place is how far a verifier is.
type Place struct {
	Path string // its file, on which it holds a lock
	Size int64  // of the journal that it decides by
}

// Running tells how far the verifiers of the store in a file are. It waits for
// nobody and removes nothing.
func Running(store string) (out []Place) {
	for _, f := range verifiers(store, func(string) {}) {
		var b [8]byte
		_, _ = f.ReadAt(b[:], 0) // one that has not said it is at the beginning
		out = append(out, Place{f.Name(), int64(binary.BigEndian.Uint64(b[:]))})
		_ = f.Close()
	}
	return out
}

// verifiers opens the files of those that run, and calls ended with the others.
func verifiers(store string, ended func(path string)) (live []*os.File) {
	entries, err := os.ReadDir(folder(store))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), making) {
			continue
		}
		path := filepath.Join(folder(store), e.Name())
		f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
		if err != nil {
			continue
		}
		if unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
			ended(path)
			_ = f.Close()
			continue
		}
		live = append(live, f)
	}
	return live
}

// stillBehind returns the files of those that run and have not read so much of
// the journal, and closes the others.
func stillBehind(files []*os.File, size int64) (behind []*os.File) {
	for _, f := range files {
		var b [8]byte
		ended := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil
		if _, err := f.ReadAt(b[:], 0); !ended && (err != nil || int64(binary.BigEndian.Uint64(b[:])) < size) {
			behind = append(behind, f)
			continue
		}
		_ = f.Close()
	}
	return behind
}

// Verifier is one that says how far it is.
type Verifier struct {
	file *os.File
	path string
}

// Announce says that a verifier of the store in a file runs. It is not waited
// for before it says so.
func Announce(store string, size int64) (*Verifier, error) {
	dir := folder(store)
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	f, err := os.CreateTemp(dir, making)
	if err != nil {
		return nil, err
	}
	v := &Verifier{file: f, path: f.Name()}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		err = v.Reached(size)
	}
	name := filepath.Join(dir, strings.TrimPrefix(filepath.Base(v.path), making))
	if err == nil {
		err = os.Rename(v.path, name)
	}
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	v.path = name
	return v, nil
}

// Reached says that the verifier decides by a journal of a size.
func (v *Verifier) Reached(size int64) error {
	_, err := v.file.WriteAt(binary.BigEndian.AppendUint64(nil, uint64(size)), 0)
	return err
}

// Close says that the verifier ends.
func (v *Verifier) Close() error { return errors.Join(os.Remove(v.path), v.file.Close()) }

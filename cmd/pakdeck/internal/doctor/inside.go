package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/tui/text"
)

// inside looks at the store as one that works with it does.
func (p Patient) inside(ctx context.Context, r *Report) {
	st, err := keystore.Open(ctx, p.Store, keystore.WithReadOnly(), keystore.WithTimeout(p.Timeout), keystore.WithClock(p.Now))
	r.add(p.content(ctx, st, err), p.keyring(err))
	if err != nil {
		r.add(p.remembered())
		return
	}
	defer func() { _ = st.Close() }()
	head, check := p.tail(ctx, st)
	r.add(p.holder(ctx), check, p.kept(ctx, st))
	r.add(p.recent(ctx, st, head)...)
}

// there reports whether there is a file that may be a store.
func (p Patient) there() bool {
	info, err := os.Lstat(p.Store)
	return err == nil && info.Mode().IsRegular()
}

// remembered looks at the checkpoints beside a store that does not open: they say
// how new a copy must be that is put back.
func (p Patient) remembered() Check {
	v, err := keystore.KeyringVerifier(p.Store)
	if err != nil {
		return Check{}
	}
	peaks, err := journal.Peaks(checkpointsOf(p.Store), v)
	if err != nil || len(peaks) == 0 {
		return Check{}
	}
	return ok("checkpoints", "the newest is %s: a store that is put back should not be older", dated(peaks[0]))
}

// content counts what is in the store, or says why it does not open. What is wrong
// with the file from outside was said already.
func (p Patient) content(ctx context.Context, st *keystore.Store, err error) Check {
	const name = "content"
	var users []keystore.User
	var keys []keystore.KeyView
	if err == nil {
		if users, err = st.Users(ctx); err == nil {
			keys, err = st.Keys(ctx)
		}
		if err == nil {
			return ok(name, "%s with %s and %s", st.Origin(), text.Plural(len(users), "user"), text.Plural(len(keys), "key"))
		}
	}
	if busy, held := errors.AsType[*kv.BusyError](err); held {
		return Check{Fail, name, err.Error(), endOf(busy.Holder)}
	}
	_, open := errors.AsType[*bolt.ModeError](err)
	_, remote := errors.AsType[*bolt.NetworkFSError](err)
	switch {
	case errors.Is(err, keystore.ErrKeyring):
		return ok(name, "a pakdeck store, which opens with its keyring only")
	case open, remote, !p.there(), errors.Is(err, fs.ErrPermission):
		return Check{}
	}
	do := "put a backup back, which keeps the damaged file: " + p.Call + " restore --replace FILE"
	if _, corrupt := errors.AsType[*bolt.CorruptError](err); !corrupt {
		do = "use the version of pakdeck that wrote it, or " + do
	}
	return Check{Fail, name, err.Error(), do}
}

// endOf says how to find out why a process holds the store.
func endOf(h kv.Holder) string {
	if h.PID == 0 {
		return "find out who has it open (fuser, lsof), and let that end"
	}
	return fmt.Sprintf("find out what it does, and let it end: ps -fp %d", h.PID)
}

// The files beside a store that does not open.
func keyringOf(store string) string     { return store + ".keyring" }
func checkpointsOf(store string) string { return store + ".checkpoints" }

// keyring looks at the keyring by itself, then at what opening the store said of it.
func (p Patient) keyring(opening error) Check {
	const name = "keyring"
	path := keyringOf(p.Store)
	info, err := os.Lstat(path)
	switch {
	case err != nil && !p.there():
		return Check{} // neither is the store
	case errors.Is(err, fs.ErrNotExist):
		return Check{Fail, name, path + " is missing: no key can be verified", "put back the keyring that was made with this store, with mode 0600; init makes another one, which is no help"}
	case err != nil:
		return Check{Fail, name, err.Error(), "run it as the owner of the store"}
	case info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0:
		return Check{} // the files were complained of
	}
	if err := may(path, unix.R_OK); err != nil {
		return Check{Fail, name, fmt.Sprintf("%s cannot be read: %v", about(filepath.Base(path), info), err), byOwner(path, info)}
	}
	v, err := keystore.KeyringVerifier(p.Store)
	if err == nil && errors.Is(opening, keystore.ErrKeyring) {
		err = opening
	}
	if err != nil {
		return Check{Fail, name, err.Error(), "put back the keyring that was made with this store, with mode 0600"}
	}
	return ok(name, "of %s, mode %04o", v.Name(), info.Mode().Perm())
}

// twice is the time between two looks: who holds the store for longer is not just
// making a change.
const twice = 100 * time.Millisecond

func (p Patient) holder(ctx context.Context) Check {
	const name = "holder"
	before := bolt.Holders(p.Store)
	if len(before) > 0 {
		pause(ctx, twice)
	}
	for _, h := range bolt.Holders(p.Store) {
		for _, b := range before {
			if h.PID == b.PID {
				return Check{Warn, name, fmt.Sprintf("pid %d (%s) reads the store for long, and nothing can be changed meanwhile", h.PID, h.Command), endOf(h)}
			}
		}
	}
	return ok(name, "nobody holds the store")
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// firstBad says how to find what was done to the journal.
func (p Patient) firstBad() string {
	return "keep all files as they are, and find the first bad record: " + p.Call + " audit verify"
}

// lastRecords is how much of the journal is looked at.
const lastRecords = 1000

// tail looks at the end of the journal, and returns the newest checkpoint.
func (p Patient) tail(ctx context.Context, st *keystore.Store) (head journal.Checkpoint, c Check) {
	const name = "journal"
	err := st.View(ctx, func(r kv.Reader) (err error) {
		head, err = journal.VerifyTail(r, st.Verifier(), lastRecords)
		return err
	})
	if err != nil {
		return head, Check{Fail, name, err.Error(), p.firstBad()}
	}
	return head, ok(name, "%s, the end is intact; whole: pakdeck audit verify", text.Plural(head.Size, "record"))
}

// kept compares the journal with the checkpoints beside it, which are read first:
// others may go on writing.
func (p Patient) kept(ctx context.Context, st *keystore.Store) Check {
	const name = "checkpoints"
	path := st.CheckpointPath()
	peaks, err := journal.Peaks(path, st.Verifier())
	switch {
	case err != nil:
		return Check{Fail, name, err.Error(), "run it as the owner of the store"}
	case len(peaks) == 0:
		return Check{Warn, name, path + " holds none of this store: a journal that was put back to an older state would not be noticed", "put the file back from a backup; the next change begins a new one"}
	}
	head, err := st.Head(ctx)
	if err == nil && head.Size < peaks[0].Size {
		return Check{Fail, name, fmt.Sprintf("rolled back: the newest is %s, and the journal has only %s", dated(peaks[0]), text.Plural(head.Size, "record")), "look for the newer store, an older copy was put in its place; until then keep all files as they are"}
	}
	for _, old := range peaks {
		if err == nil {
			err = goesOn(ctx, st, old)
		}
		if err != nil {
			return Check{Fail, name, fmt.Sprintf("the journal does not go on from %s: %v", dated(old), err), "keep all files as they are, and find out which store was put in place of which: " + p.Call + " audit verify"}
		}
	}
	return ok(name, "the journal goes on from %s", dated(peaks[0]))
}

// dated names a checkpoint with its time.
func dated(c journal.Checkpoint) string { return c.Short() + " of " + c.Time.Format(time.RFC3339) }

func goesOn(ctx context.Context, st *keystore.Store, old journal.Checkpoint) error {
	c, err := st.ProveSince(ctx, old.Size)
	if err != nil {
		return err
	}
	return c.Continues(old.Root)
}

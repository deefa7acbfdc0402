package lint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/backup"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// StoreFacts is what is known of the store and its files. The zero value knows
// nothing.
type StoreFacts struct {
	ID      string // name of the store in checkpoints
	Prefix  string // first word of its key strings; "": the standard one
	Path    string
	Created time.Time
	UID     int    // of this process; 0 may be anybody's helper
	Files   []File // the folder, the store, and the files beside it
	Size    int64  // of the store, bytes
	Disk    *Disk  // nil: not known
	Oldest  time.Time
	Newest  time.Time       // newest record that is not a use, of the last days
	Signs   []Sign          // of verifiers in the last days, oldest first
	Jumps   []Jump          // of the clock in the last days, oldest first
	Journal *journal.Report // nil: not verified
	// Witnessed is the newest checkpoint that somebody else signed; nil: not
	// looked for.
	Witnessed *journal.Witnessed
	Backup    *backup.Last // nil: not looked for
	// Proxies are those that verifiers of the last days believe.
	Proxies []netip.Prefix
}

// File is a file of the store, or its folder.
type File struct {
	Path string
	Mode fs.FileMode
	UID  int  // of the owner
	Open bool // anybody may read it: the policy file
}

// Disk is the room where the store lies.
type Disk struct {
	Free       uint64 // bytes, for this user
	FreeInodes uint64
	Inodes     uint64 // 0: the file system has no fixed number of them
	Network    string // kind of network file system; "" if it is local
}

// LookAt returns what can be seen of a store without opening it: its files and
// the room for them. It works on one that is damaged, busy or not there.
func LookAt(store string) (StoreFacts, error) { return lookAt(store, diskAt) }

func lookAt(store string, disk func(string) (*Disk, error)) (StoreFacts, error) {
	path, err := filepath.Abs(store)
	if err != nil {
		return StoreFacts{}, err
	}
	f := StoreFacts{Path: path, UID: os.Geteuid()}
	if err := f.readFiles(filepath.Base(keystore.PolicyPath(path))); err != nil {
		return f, fmt.Errorf("looking at the files of the store: %w", err)
	}
	if f.Disk, err = disk(filepath.Dir(path)); err != nil {
		return f, fmt.Errorf("looking at the disk of the store: %w", err)
	}
	return f, nil
}

// TakeStore returns what is known of a store and its files, without its keys and
// users; the journal is not verified.
func TakeStore(ctx context.Context, st *keystore.Store) (StoreFacts, error) {
	return takeStore(ctx, st, diskAt)
}

func takeStore(ctx context.Context, st *keystore.Store, disk func(string) (*Disk, error)) (StoreFacts, error) {
	f, err := lookAt(st.Path(), disk)
	if err != nil {
		return f, err
	}
	f.ID, f.Prefix, f.Created = st.Origin(), st.Prefix(), st.Created()
	if err := f.readSigns(ctx, st, st.Now()); err != nil {
		return f, err
	}
	if f.Oldest, err = oldestRecord(ctx, st); err != nil {
		return f, err
	}
	v, err := journal.NewVerifier(st.VerifierKey())
	if err != nil {
		return f, err
	}
	w, err := journal.LastWitnessed(st.CheckpointPath(), v)
	if err != nil {
		return f, err
	}
	b, err := backup.ReadLast(ctx, st)
	f.Witnessed, f.Backup = &w, &b
	return f, err
}

// readFiles looks at the folder, the store and all regular files that begin
// with its name: the keyring, the checkpoints, copies that somebody left.
func (f *StoreFacts) readFiles(policy string) error {
	folder, base := filepath.Split(f.Path)
	if err := f.readFile(filepath.Clean(folder), false); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || e.Name() != base && !strings.HasPrefix(e.Name(), base+".") {
			continue
		}
		err := f.readFile(filepath.Join(folder, e.Name()), e.Name() == policy)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f *StoreFacts) readFile(path string, open bool) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	uid := f.UID
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		uid = int(st.Uid)
	}
	if path == f.Path {
		f.Size = info.Size()
	}
	f.Files = append(f.Files, File{Path: path, Mode: info.Mode(), UID: uid, Open: open})
	return nil
}

// owner returns the owner of the store, or false if it was not looked at.
func (f *StoreFacts) owner() (int, bool) {
	i := slices.IndexFunc(f.Files, func(x File) bool { return x.Path == f.Path })
	if i < 0 {
		return 0, false
	}
	return f.Files[i].UID, true
}

// oldestRecord returns when the first record of the journal that is still
// there was made.
func oldestRecord(ctx context.Context, st *keystore.Store) (at time.Time, err error) {
	err = st.Journal(ctx, 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if err != nil {
			return err
		}
		at = r.Time
		return kv.Stop
	})
	return at, err
}

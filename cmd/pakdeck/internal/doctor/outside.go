package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

func (p Patient) path() Check { return ok("path", "%s, %s", p.Store, p.From) }

func (p Patient) folder() Check {
	const name = "folder"
	path := filepath.Dir(p.Store)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Check{Fail, name, path + " is not there", p.makeOne()}
	case err != nil:
		return Check{Fail, name, err.Error(), "run it as the owner of the store, or give another path with --store"}
	case !info.IsDir():
		return Check{Fail, name, path + " is not a folder", "give another path with --store"}
	}
	if err := may(path, unix.R_OK|unix.X_OK); err != nil {
		return Check{Fail, name, fmt.Sprintf("%s cannot be looked into: %v", about(path, info), err), byOwner(path, info)}
	}
	if err := may(path, unix.W_OK); err != nil && !p.ReadOnly {
		return Check{Warn, name, fmt.Sprintf("no file can be made in %s: %v", about(path, info), err), writable(err, path, info)}
	}
	return ok(name, "%s", about(path, info))
}

// store looks at the file of the store.
func (p Patient) store() Check {
	const name = "store"
	info, err := os.Lstat(p.Store)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Check{Fail, name, "there is none at " + p.Store, p.makeOne()}
	case err != nil:
		return Check{Fail, name, err.Error(), "run it as the owner of the store"}
	case info.Mode()&fs.ModeSymlink != 0:
		target, _ := filepath.EvalSymlinks(p.Store)
		return Check{Fail, name, p.Store + " is a symbolic link, and the files beside it go by its name", "name the file itself with --store " + quote.Shell(target)}
	case !info.Mode().IsRegular():
		return Check{Fail, name, p.Store + " is not a file", "give another path with --store"}
	}
	if err := may(p.Store, unix.R_OK); err != nil {
		return Check{Fail, name, fmt.Sprintf("%s cannot be read: %v", about(filepath.Base(p.Store), info), err), byOwner(p.Store, info)}
	}
	if err := may(p.Store, unix.W_OK); err != nil && !p.ReadOnly {
		return Check{Fail, name, fmt.Sprintf("%s cannot be changed: %v", about(filepath.Base(p.Store), info), err), writable(err, p.Store, info)}
	}
	return ok(name, "%s, %s", about(filepath.Base(p.Store), info), bytes(uint64(info.Size())))
}

// makeOne says how to come to a store: where there is one already, or by making it.
func (p Patient) makeOne() string {
	_, orphan := os.Lstat(keyringOf(p.Store))
	switch _, err := os.Lstat(p.Standard); {
	case orphan == nil:
		return "its keyring is still here, so make no other one; put a backup back: " + p.Call + " restore FILE"
	case p.Store == p.Standard:
		return "make one: " + p.Call + " init"
	case err == nil:
		return fmt.Sprintf("correct the path, which comes %s, or leave it out: there is a store at %s", p.From, p.Standard)
	}
	return "correct the path, or make one: " + p.Call + " init"
}

// may reports why this process may not do something with a file.
func may(path string, mode uint32) error {
	return unix.Faccessat(unix.AT_FDCWD, path, mode, unix.AT_EACCESS)
}

// writable says what helps against a refusal to write.
func writable(err error, path string, info fs.FileInfo) string {
	if errors.Is(err, unix.EROFS) {
		return "find out why the file system may only be read (dmesg, mount); until then look with --read-only"
	}
	return byOwner(path, info) + ", or look with --read-only"
}

// byOwner says how the owner of a file gets at it.
func byOwner(path string, info fs.FileInfo) string {
	if uid, known := uidOf(info); known && uid == os.Geteuid() {
		return "chmod u+rwX " + quote.Shell(path)
	}
	return "run it as " + ownerOf(info)
}

// about names a file with its mode and owner.
func about(name string, info fs.FileInfo) string {
	return fmt.Sprintf("%s (mode %04o, of %s)", name, info.Mode().Perm(), ownerOf(info))
}

func ownerOf(info fs.FileInfo) string {
	uid, known := uidOf(info)
	if !known {
		return "its owner"
	}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

func uidOf(info fs.FileInfo) (uid int, known bool) {
	st, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(st.Uid), true
}

// thresholds are the linter's; those of a policy file that cannot be understood
// are the business of another check.
func (p Patient) thresholds() lint.Config {
	if c, err := lint.ReadConfig(keystore.PolicyPath(p.Store)); err == nil {
		return c
	}
	return lint.DefaultConfig()
}

// files looks at the modes and owners of all files of the store, as its owner would:
// that it is somebody else's was said already.
func files(facts lint.StoreFacts, config lint.Config) Check {
	const name = "files"
	if i := slices.IndexFunc(facts.Files, func(f lint.File) bool { return f.Path == facts.Path }); i >= 0 && facts.UID != 0 {
		facts.UID = facts.Files[i].UID
	}
	if found := judged(lint.Snapshot{Store: facts, Config: config}, "PAK705"); len(found) > 0 {
		return told(name, found)
	}
	return ok(name, "closed to others: %d files and their folder", len(facts.Files)-1)
}

// leastRoom is what a change may need: less, and nothing can be changed.
const leastRoom = 1_000_000

func disk(facts lint.StoreFacts, config lint.Config) Check {
	const name = "disk"
	d := facts.Disk
	if d == nil {
		return Check{}
	}
	found := judged(lint.Snapshot{Store: facts, Config: config}, "PAK706", "PAK707")
	if len(found) == 0 {
		return ok(name, "local, %s free", bytes(d.Free))
	}
	c := told(name, found)
	if d.Free < leastRoom || d.Inodes > 0 && d.FreeInodes == 0 {
		c.Grade = Fail
		c.Found += ": nothing can be recorded, so nothing can be changed"
	}
	return c
}

// bytes returns a number of them in words.
func bytes(n uint64) string {
	switch {
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 10_000_000_000:
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%d GB", n/1_000_000_000)
}

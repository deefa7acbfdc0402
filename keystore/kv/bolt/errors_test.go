//go:build unix

package bolt

import (
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestErrorsSayWhatIsWrongAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{
			&ModeError{Path: "/a/store.db", Mode: 0o644},
			"store /a/store.db can be used by other users (mode 0644); run: chmod 600 /a/store.db",
		},
		{
			&ModeError{Path: "/home/a b/it's.db", Mode: 0o606},
			`store /home/a b/it's.db can be used by other users (mode 0606); run: chmod 600 '/home/a b/it'\''s.db'`,
		},
		{
			&NetworkFSError{Path: "/a/store.db", FS: "NFS"},
			"store /a/store.db is on a network file system, NFS, where locks cannot be relied on; keep it on a local disk",
		},
		{&FormatError{Path: "/a", Detail: "is a directory"}, "/a is not a pakdeck store: it is a directory"},
		{&CorruptError{Path: "/a", Detail: "page 7 already freed"}, "store /a is damaged: page 7 already freed"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestDetailsAreBounded(t *testing.T) {
	if got := bounded("page 7 already freed"); got != "page 7 already freed" {
		t.Errorf("a short one became %q", got)
	}
	if got := bounded("a\nb\x1b[31m\u202e"); got != "a?b?[31m?" {
		t.Errorf("control characters became %q", got)
	}
	if got := bounded(strings.Repeat("é", 10_000)); len([]rune(got)) > 210 || !strings.HasPrefix(got, "é") {
		t.Errorf("a long one has %d runes", len([]rune(got)))
	}
}

func TestOnlyAWriteThatWasNotTakenIsHarmless(t *testing.T) {
	for _, c := range []struct {
		err  error
		want error
	}{
		{&fs.PathError{Op: "write", Err: unix.ENOSPC}, kv.ErrFull},
		{&fs.PathError{Op: "write", Err: unix.EDQUOT}, kv.ErrFull},
		{&fs.PathError{Op: "write", Err: unix.EIO}, kv.ErrWriteFailed},
		{&fs.PathError{Op: "sync", Err: unix.ENOSPC}, kv.ErrWriteFailed},
		{unix.ENOSPC, kv.ErrWriteFailed}, // of fdatasync
	} {
		if got := failureOf(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

package server

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestAUnixSocketIsOpenToItsOwnerAlone(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(f.folder, "auth.sock")
	r := f.run(Config{Listen: "unix:" + path, TrustedProxies: []string{"unix"}})
	info, err := os.Stat(path)
	if err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if status, _, _ := r.ask("GET", "/auth", "", "Authorization", "Bearer "+f.key); status != 200 {
		t.Errorf("/auth: %d", status)
	}
	if got := f.records("serve.start"); got[0].Reason != "unix:"+path {
		t.Errorf("journal: %q", got[0].Reason)
	}
	must(t, r.stop())
	if _, err := os.Lstat(path); err == nil {
		t.Error("the socket is left behind")
	}
}

// Between bind and chmod everybody could connect, were it not for ownerOnly.
func TestASocketIsNeverOpenToOthers(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux gives the file the mode of the descriptor")
	}
	path := filepath.Join(newFixture(t).folder, "s")
	lc := net.ListenConfig{Control: ownerOnly}
	ln, err := lc.Listen(t.Context(), "unix", path)
	must(t, err)
	defer ln.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestASocketForTheGroupOfTheProxy(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(f.folder, "auth.sock")
	own, err := user.LookupGroupId(groupID())
	if err != nil {
		t.Skip("the group of this process has no name")
	}
	f.run(Config{Listen: "unix:" + path + "?mode=0660&group=" + own.Name})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestASocketThatWasLeftBehindIsReplaced(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(f.folder, "auth.sock")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	must(t, err)
	left.SetUnlinkOnClose(false)
	must(t, left.Close())
	r := f.run(Config{Listen: "unix:" + path})
	if status, _, _ := r.ask("GET", "/healthz", ""); status != 200 {
		t.Errorf("%d", status)
	}
}

func TestTheSocketOfASuccessorIsLeftToIt(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(f.folder, "auth.sock")
	first := f.run(Config{Listen: "unix:" + path})
	must(t, os.Remove(path))
	second := f.run(Config{Listen: "unix:" + path})
	must(t, first.stop())
	if status, _, _ := second.ask("GET", "/healthz", ""); status != 200 {
		t.Errorf("%d", status)
	}
}

func TestWhatIsNoLeftSocketIsNotTouched(t *testing.T) {
	f := newFixture(t)
	file := filepath.Join(f.folder, "file")
	must(t, os.WriteFile(file, []byte("precious"), 0o600))
	link := filepath.Join(f.folder, "link")
	must(t, os.Symlink(file, link))
	live := filepath.Join(f.folder, "live.sock")
	f.run(Config{Listen: "unix:" + live})
	for listen, want := range map[string]string{
		"unix:" + file: "is not a socket",
		"unix:" + link: "is not a socket",
		"unix:" + live: "another server answers on",
	} {
		if err := Run(t.Context(), f.Store, Config{Listen: listen}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", listen, err, want)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "precious" {
		t.Errorf("the file holds %q, %v", b, err)
	}
	if _, err := os.Lstat(live); err != nil {
		t.Errorf("the socket in use: %v", err)
	}
}

func TestSocketAddressesAreChecked(t *testing.T) {
	for spec, want := range map[string]string{
		"":                              "lacks a path",
		"?mode=0600":                    "lacks a path",
		strings.Repeat("s", mostPath+1): fmt.Sprintf("the system takes %d", mostPath),
		"/s?mode=rw":                    "three octal digits",
		"/s?mode=01777":                 "three octal digits",
		"/s?group=no-such-one":          "no-such-one",
		"/s?mod=0600":                   `unknown parameter "mod"`,
		"/s?%zz":                        "cannot be read",
	} {
		if _, err := parseSocket(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", spec, err, want)
		}
	}
	if s, err := parseSocket("/run/x.sock?mode=0660"); err != nil || s.path != "/run/x.sock" || s.mode != 0o660 || s.gid != -1 {
		t.Errorf("%+v, %v", s, err)
	}
}

func groupID() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Gid
}

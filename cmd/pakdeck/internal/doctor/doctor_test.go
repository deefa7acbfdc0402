package doctor

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func clockOf() time.Time { return now }

// newPatient is a store in a folder with which nothing is wrong.
func newPatient(t *testing.T, folder string) Patient {
	t.Helper()
	path := filepath.Join(folder, "store.db")
	st, err := keystore.Create(t.Context(), path, keystore.CreateOptions{}, keystore.WithClock(clockOf))
	must(t, err)
	_, err = st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	must(t, st.Close())
	x := terminal("")
	x.On = false
	return Patient{Store: path, Standard: path, From: "from --store", Call: "pakdeck", Now: clockOf, Timeout: 50 * time.Millisecond, Terminal: x}
}

// look returns what is wrong, as "grade name: found; do".
func look(t *testing.T, p Patient) (wrong []string) {
	t.Helper()
	r := Look(t.Context(), p)
	for _, c := range r.Checks {
		if s := said(t, []Check{c}, c.Name); c.Grade != OK && c.Name != "disk" {
			wrong = append(wrong, c.Name+" "+s)
		}
	}
	return wrong
}

// files lists a folder with all that writing would change.
func listing(t *testing.T, folder string) (out []string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		must(t, err)
		info, err := d.Info()
		must(t, err)
		b, _ := os.ReadFile(path)
		out = append(out, path+" "+info.Mode().String()+" "+info.ModTime().String()+" "+string(b))
		return nil
	}))
	return out
}

func TestNothingIsChanged(t *testing.T) {
	folder := t.TempDir()
	must(t, os.Chmod(folder, 0o700))
	p := newPatient(t, folder)
	must(t, os.Remove(p.Store+".lock"))
	must(t, os.Mkdir(p.Store+".verifiers", 0o700))
	must(t, os.WriteFile(filepath.Join(p.Store+".verifiers", "killed"), make([]byte, 8), 0o600))
	before := listing(t, folder)
	if wrong := look(t, p); len(wrong) > 0 {
		t.Errorf("found %q", wrong)
	}
	if after := listing(t, folder); !slices.Equal(before, after) {
		t.Errorf("was %q\nis  %q", before, after)
	}
}

func TestWhatIsInThePlaceOfAStore(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(path string) error
		want  string
	}{
		"symbolic link": {func(p string) error { return symlinked(p) }, "store fail: /store.db is a symbolic link, and the files beside it go by its name; name the file itself with --store /moved.db"},
		"folder":        {func(p string) error { return os.Rename(filepath.Dir(p), filepath.Dir(p)+"2") }, "folder fail: "},
		"pipe":          {func(p string) error { _ = os.Remove(p); return syscall.Mkfifo(p, 0o600) }, "store fail: /store.db is not a file; give another path with --store"},
		"keyring":       {func(p string) error { return os.WriteFile(p+".keyring", []byte("{"), 0o600) }, "keyring fail: keyring: /store.db.keyring is damaged; put back"},
		"checkpoints":   {func(p string) error { return os.Remove(p + ".checkpoints") }, "checkpoints warn: /store.db.checkpoints holds none of this store"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "f")
			must(t, os.Mkdir(folder, 0o700))
			p := newPatient(t, folder)
			must(t, test.spoil(p.Store))
			wrong := look(t, p)
			if len(wrong) != 1 || !strings.HasPrefix(strings.ReplaceAll(wrong[0], folder, ""), test.want) {
				t.Errorf("found %q, want %q", wrong, test.want)
			}
		})
	}
}

func symlinked(path string) error {
	moved := filepath.Join(filepath.Dir(path), "moved.db")
	if err := os.Rename(path, moved); err != nil {
		return err
	}
	return os.Symlink(moved, path)
}

func TestTheDisk(t *testing.T) {
	for want, d := range map[string]lint.Disk{
		"ok: local, 20 GB free":  {Free: 20e9, Inodes: 100_000, FreeInodes: 50_000},
		"ok: local, 500 MB free": {Free: 500e6},
		"warn: 150 MB free; at least 200 MB; make room, or move the store": {Free: 150e6},
		"fail: 0 MB free; at least 200 MB: nothing can be recorded":        {Free: 999_999},
		"fail: room for 0 more files; at least 1000: nothing can be":       {Free: 20e9, Inodes: 100},
		"fail: the store is on a network file system: NFS; move the store": {Free: 20e9, Network: "NFS"},
	} {
		c := disk(lint.StoreFacts{Disk: &d}, lint.DefaultConfig())
		if got := said(t, []Check{c}, "disk"); !strings.HasPrefix(got, want) {
			t.Errorf("%+v is %q, want %q", d, got, want)
		}
	}
	if c := disk(lint.StoreFacts{}, lint.DefaultConfig()); c != (Check{}) {
		t.Errorf("of a system that does not tell: %+v", c)
	}
}

// Who may not use the store of somebody else is told so by other checks.
func TestFilesOfSomebodyElseAreLookedAtAsTheirOwnerWould(t *testing.T) {
	facts := lint.StoreFacts{Path: "/f/store.db", UID: 1001, Files: []lint.File{
		{Path: "/f", Mode: fs.ModeDir | 0o700, UID: 1000}, {Path: "/f/store.db", Mode: 0o600, UID: 1000}, {Path: "/f/store.db.keyring", Mode: 0o600, UID: 1000},
	}}
	if got := said(t, []Check{files(facts, lint.DefaultConfig())}, "files"); got != "ok: closed to others: 2 files and their folder" {
		t.Error(got)
	}
	facts.Files[2].UID = 1001
	if got := said(t, []Check{files(facts, lint.DefaultConfig())}, "files"); got != "fail: store.db.keyring belongs to somebody else; give it to the owner of the store with chown" {
		t.Error(got)
	}
}

func TestTheClock(t *testing.T) {
	for want, facts := range map[string]lint.StoreFacts{
		"ok: 2026-11-23T14:32:00Z":                                                                              {},
		"ok: 2026-11-23T14:32:00Z, newest record 2026-11-23T14:31:00Z":                                          {Newest: now.Add(-time.Minute)},
		"warn: the newest record is 1h0m0s ahead of the clock here; let the clocks":                             {Newest: now.Add(time.Hour)},
		"warn: the clock went back by 5m0s before record 7; let the machine's clock be set by NTP, and ask who": {Jumps: []lint.Jump{{Seq: 7, Before: now, After: now.Add(-5 * time.Minute)}}},
	} {
		if got := said(t, []Check{clock(now, facts, lint.DefaultConfig())}, "clock"); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestVerifiers(t *testing.T) {
	const size = 12
	sign := func(code int) []lint.Sign { return []lint.Sign{{Time: now.Add(-time.Hour), Code: code}} }
	for name, test := range map[string]struct {
		at    []int64 // how far those are that run
		signs []lint.Sign
		want  string
	}{
		"none ever":  {nil, nil, "ok: none runs here, and none has in the last days"},
		"ended":      {nil, sign(journal.EventServeStop.Code), "warn: none runs here; the last one ended at 2026-11-23T13:32:00Z; start one: pakdeck serve"},
		"killed":     {nil, sign(journal.EventServeHeartbeat.Code), "fail: none runs here; the last one was alive at 2026-11-23T13:32:00Z and did not say that it ends; look into its log"},
		"up to date": {[]int64{size, size + 1}, sign(journal.EventServeStop.Code), "ok: 2, as far as the journal is"},
		"one hangs":  {[]int64{size, 7}, nil, "fail: 1 of 2 decide by an old state: 7 of 12 records; end what hangs, and start it anew: pakdeck serve"},
		"both hang":  {[]int64{6, 7}, nil, "fail: 2 of 2 decide by an old state: "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := filepath.Join(t.TempDir(), "store.db")
				for _, at := range test.at {
					v, err := follow.Announce(store, at)
					must(t, err)
					t.Cleanup(func() { _ = v.Close() })
				}
				if got := said(t, []Check{verifiers(t.Context(), store, size, test.signs)}, "verifiers"); !strings.HasPrefix(got, test.want) {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestAVerifierThatFollowsInTimeIsNotLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := filepath.Join(t.TempDir(), "store.db")
		v, err := follow.Announce(store, 7)
		must(t, err)
		t.Cleanup(func() { _ = v.Close() })
		time.AfterFunc(120*time.Millisecond, func() { _ = v.Reached(12) })
		if got := said(t, []Check{verifiers(t.Context(), store, 12, nil)}, "verifiers"); got != "ok: 1, as far as the journal is" {
			t.Error(got)
		}
	})
}

func TestASentenceSumsUp(t *testing.T) {
	for want, r := range map[string]Report{
		"2 checks: all is well":                                         {Checks: []Check{{Grade: OK}, {Grade: OK}}},
		"2 checks: 1 failed":                                            {Checks: []Check{{Grade: OK}, {Grade: Fail}}},
		"2 checks: none failed, 1 to look at":                           {Checks: []Check{{Grade: OK}, {Grade: Warn}}},
		"3 checks: 1 failed, 2 to look at":                              {Checks: []Check{{Grade: Warn}, {Grade: Fail}, {Grade: Warn}}},
		"1 checks: 1 failed; not looked at without an open store: a, b": {Checks: []Check{{Grade: Fail}}, Unseen: []string{"a", "b"}},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

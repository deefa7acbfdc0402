package lint

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

func take(t *testing.T, st *keystore.Store) Snapshot {
	t.Helper()
	s, err := Take(t.Context(), st, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// found returns the texts of what a rule finds.
func found(t *testing.T, s Snapshot, id string) (texts []string) {
	t.Helper()
	r, ok := RuleNamed(id)
	if !ok {
		t.Fatalf("no rule %s", id)
	}
	for _, f := range RunRules(s, []Rule{r}) {
		texts = append(texts, f.Text)
	}
	return texts
}

func TestAFreshStoreHasNothingWrongWithIt(t *testing.T) {
	s := take(t, storetest.New(t))
	if s.Store.Disk == nil || s.Store.Size == 0 || s.Store.Oldest.IsZero() || len(s.Store.Files) < 4 {
		t.Fatalf("facts %+v", s.Store)
	}
	s.Store.Disk = nil // it may be full where this runs
	for _, f := range Run(s) {
		t.Errorf("%s: %s", f.Rule, f.Text)
	}
}

func TestFilesThatAreReallyOpen(t *testing.T) {
	st := storetest.New(t)
	folder := filepath.Dir(st.Path())
	chmod := func(path string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	copied := st.Path() + ".backup"
	for path, mode := range map[string]os.FileMode{copied: 0o644, st.PolicyPath(): 0o644, folder + "/other": 0o666} {
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		chmod(path, mode)
	}
	chmod(folder, 0o1777)
	chmod(st.CheckpointPath(), 0o640)
	want := []string{"others may change data", "others may read store.db.backup", "others may read store.db.checkpoints"}
	if got := found(t, take(t, st), "PAK705"); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	chmod(folder, 0o755)
	chmod(copied, 0o600)
	chmod(st.CheckpointPath(), 0o600)
	if got := found(t, take(t, st), "PAK705"); len(got) > 0 {
		t.Errorf("found %q after chmod", got)
	}
}

func TestADiskThatIsFull(t *testing.T) {
	st := storetest.New(t)
	s := take(t, st)
	full := func(string) (*Disk, error) { return &Disk{Free: 1_000_000, FreeInodes: 3, Inodes: 1000}, nil }
	var err error
	if s.Store, err = takeStore(t.Context(), st, full); err != nil {
		t.Fatal(err)
	}
	if got := found(t, s, "PAK707"); !slices.Equal(got, []string{"1 MB free; at least 200 MB", "room for 3 more files; at least 1000"}) {
		t.Errorf("found %q", got)
	}
	broken := errors.New("no such device")
	if _, err := takeStore(t.Context(), st, func(string) (*Disk, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

// A store that cannot be opened can be looked at.
func TestAStoreIsLookedAtFromOutside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, []byte("no store"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := LookAt(path)
	if err != nil || f.Size != 8 || f.Disk == nil {
		t.Errorf("%+v, %v", f, err)
	}
	if got := found(t, Snapshot{Config: DefaultConfig(), Store: f}, "PAK705"); !slices.Equal(got, []string{"others may read store.db"}) {
		t.Errorf("found %q", got)
	}
	if _, err := LookAt(filepath.Join(path, "store.db")); err == nil {
		t.Error("there is no such folder")
	}
}

func TestTheRealDiskHasRoom(t *testing.T) {
	d, err := diskAt(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if d == nil || d.Free == 0 {
		t.Skipf("no room can be seen here: %+v", d)
	}
	if d.Inodes > 0 && d.FreeInodes > d.Inodes {
		t.Errorf("%d of %d inodes are free", d.FreeInodes, d.Inodes)
	}
	if _, err := diskAt(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a folder that does not exist has room")
	}
}

func TestTakeVerifiesTheJournalWhenAsked(t *testing.T) {
	st := storetest.New(t)
	if s := take(t, st); s.Store.Journal != nil {
		t.Error("the journal was verified without being asked for")
	}
	s, err := Take(t.Context(), st, Options{Journal: true})
	if err != nil || s.Store.Journal == nil || !s.Store.Journal.Intact {
		t.Fatalf("%+v, %v", s.Store.Journal, err)
	}
	s.Store.Journal = &journal.Report{Problem: "record 2 was changed"}
	if got := found(t, s, "PAK701"); !slices.Equal(got, []string{"the journal is not intact: record 2 was changed"}) {
		t.Errorf("found %q", got)
	}
}

func TestTakeReadsTheThresholdsBesideThePolicy(t *testing.T) {
	st := storetest.New(t)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(st.PolicyPath(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[key]\nwarn_before = \"2d\"\n[lint]\nrotate = \"5d\"\n")
	if s := take(t, st); s.Config.Rotate != 5*day || s.Policy.WarnBefore != 48*time.Hour {
		t.Errorf("rotate %v, warn before %v", s.Config.Rotate, s.Policy.WarnBefore)
	}
	for _, bad := range []string{"[lint]\nrotat = 1", "[key]\nx = 1"} {
		write(bad)
		if _, err := Take(t.Context(), st, Options{}); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "unknown setting") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

package witness_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/witness"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func clock() time.Time { return now }

// log is a store whose journal is to be witnessed.
type log struct {
	*keystore.Store
	t *testing.T
}

func newLog(t *testing.T) log {
	t.Helper()
	return log{storetest.New(t, keystore.WithClock(clock)), t}
}

func (l log) add(names ...string) {
	l.t.Helper()
	for _, name := range names {
		if _, err := l.AddUser(l.t.Context(), keystore.NewUser{Name: name}); err != nil {
			l.t.Fatal(err)
		}
	}
}

func (l log) head() journal.Checkpoint {
	l.t.Helper()
	c, err := l.Head(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// request is an add-checkpoint request that goes on from old records.
func (l log) request(old int64) []byte {
	l.t.Helper()
	p, err := l.ProveSince(l.t.Context(), old)
	if err != nil {
		l.t.Fatal(err)
	}
	return p.Encode()
}

// copy keeps the store as it is, with all that lies beside it; back opens what was
// kept.
func (l log) copy() (back func() log) {
	l.t.Helper()
	kept := map[string][]byte{}
	for _, ending := range []string{"", ".keyring", ".checkpoints"} {
		b, err := os.ReadFile(l.Path() + ending)
		if err != nil {
			l.t.Fatal(err)
		}
		kept[ending] = b
	}
	return func() log {
		path := filepath.Join(l.t.TempDir(), "store.db")
		for ending, b := range kept {
			if err := os.WriteFile(path+ending, b, 0o600); err != nil {
				l.t.Fatal(err)
			}
		}
		st, err := keystore.Open(l.t.Context(), path, keystore.WithClock(clock))
		if err != nil {
			l.t.Fatal(err)
		}
		l.t.Cleanup(func() { _ = st.Close() })
		return log{st, l.t}
	}
}

func newWitness(t *testing.T, trusted ...log) (*witness.Witness, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "witness.json")
	w, err := witness.Create(path, "witness.example/w1", rand.NewChaCha8([32]byte{7}), clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range trusted {
		if _, err := w.Trust(l.VerifierKey()); err != nil {
			t.Fatal(err)
		}
	}
	return w, path
}

// refused checks that a request is refused with a status.
func refused(t *testing.T, w *witness.Witness, request []byte, status int) *witness.Refusal {
	t.Helper()
	line, err := w.Add(request)
	r, ok := errors.AsType[*witness.Refusal](err)
	if !ok || r.Status != status || line != "" {
		t.Fatalf("%q, %v; want status %d", line, err, status)
	}
	return r
}

func accepted(t *testing.T, w *witness.Witness, request []byte) string {
	t.Helper()
	line, err := w.Add(request)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestAWitnessFollowsAJournal(t *testing.T) {
	l := newLog(t)
	w, path := newWitness(t, l)
	key, err := journal.NewWitness(w.Public())
	if err != nil {
		t.Fatal(err)
	}
	old := int64(0)
	for _, name := range []string{"ada", "bob", "cyd"} {
		l.add(name)
		line := accepted(t, w, l.request(old))
		cp, err := key.Accept(l.head(), []byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if seen, err := key.Seen(cp); err != nil || !seen.Equal(now) {
			t.Errorf("seen %v, %v", seen, err)
		}
		old = cp.Size
	}
	accepted(t, w, l.request(old)) // the same again, later
	again, err := witness.Open(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	logs, err := again.Logs()
	if err != nil || len(logs) != 1 || logs[0].Origin != l.Origin() || logs[0].Newest.Size != old || again.Public() != w.Public() {
		t.Errorf("%+v, %v", logs, err)
	}
}

func TestAWitnessRefusesWhatTheSpecificationSays(t *testing.T) {
	l, stranger := newLog(t), newLog(t)
	w, _ := newWitness(t, l)
	l.add("ada", "bob")
	request := l.request(0)
	refused(t, w, []byte("hello"), http.StatusBadRequest)
	refused(t, w, bytes.Replace(request, []byte("\n\n"), []byte("\n"), 1), http.StatusBadRequest)
	refused(t, w, stranger.request(0), http.StatusNotFound)
	refused(t, w, bytes.Replace(request, []byte("\n3\n"), []byte("\n4\n"), 1), http.StatusForbidden)
	accepted(t, w, request)

	refused(t, w, bytes.Replace(l.request(3), []byte("old 3"), []byte("old 9"), 1), http.StatusBadRequest)
	if r := refused(t, w, l.request(0), http.StatusConflict); r.Size != 3 {
		t.Errorf("the size told is %d", r.Size)
	}
	l.add("cyd", "dan")
	refused(t, w, bytes.Replace(l.request(2), []byte("old 2"), []byte("old 3"), 1), http.StatusUnprocessableEntity)
	accepted(t, w, l.request(3))
}

// A store that is rolled back, and then goes on otherwise, agrees with itself.
// Only somebody else can tell.
func TestAWitnessRefusesAForkedJournal(t *testing.T) {
	l := newLog(t)
	w, _ := newWitness(t, l)
	l.add("ada", "bob")
	accepted(t, w, l.request(0))
	back := l.copy()
	l.add("cyd", "dan")
	accepted(t, w, l.request(3))

	fork := back()
	if fork.head().Size != 3 {
		t.Fatalf("%d records after the rollback", fork.head().Size)
	}
	refused(t, w, fork.request(3), http.StatusConflict)
	fork.add("eve", "fay")
	refused(t, w, fork.request(3), http.StatusConflict) // as long as the true one
	refused(t, w, fork.request(5), http.StatusConflict)
	fork.add("guy")
	refused(t, w, fork.request(5), http.StatusUnprocessableEntity)
	if rep, err := fork.VerifyJournal(t.Context()); err != nil || rep.Problem != "" {
		t.Errorf("the fork contradicts itself: %v, %v", rep, err)
	}

	evidence, err := journal.ReadCheckpointFile(w.EvidencePath(), l.Verifier())
	if err != nil || len(evidence) != 2 || evidence[0].Size != evidence[1].Size || evidence[0].Root == evidence[1].Root {
		t.Errorf("evidence %+v, %v", evidence, err)
	}
	if info, err := os.Stat(w.EvidencePath()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	accepted(t, w, l.request(5)) // the true one goes on
}

// A store that was put back from a backup is refused until somebody answers for it.
func TestAForgottenJournalIsTrustedAnew(t *testing.T) {
	l, other := newLog(t), newLog(t)
	l.add("a")
	back := l.copy()
	l.add("b", "c")
	w, _ := newWitness(t, other, l)
	if _, err := w.Add(l.request(0)); err != nil {
		t.Fatal(err)
	}
	restored := back()
	if _, err := w.Add(restored.request(0)); err == nil {
		t.Fatal("a journal that was rolled back was cosigned")
	}
	if _, err := w.Forget("pakdeck/unknown"); err == nil {
		t.Error("a journal was forgotten that is not known")
	}
	last, err := w.Forget(l.Origin())
	if err != nil || last.Size != l.head().Size {
		t.Errorf("the last checkpoint covers %d records, %v", last.Size, err)
	}
	if evidence, err := os.ReadFile(w.EvidencePath()); err != nil || !bytes.Contains(evidence, last.Note) {
		t.Errorf("the evidence is %s, %v", evidence, err)
	}
	if _, err := w.Add(restored.request(0)); err == nil {
		t.Error("a forgotten journal was cosigned")
	}
	if _, err := w.Trust(l.VerifierKey()); err != nil {
		t.Fatal(err)
	}
	for _, known := range []log{restored, other} {
		if _, err := w.Add(known.request(0)); err != nil {
			t.Error(err)
		}
	}
}

func TestTheStateIsPrivateAndReplacedAsAWhole(t *testing.T) {
	l := newLog(t)
	w, path := newWitness(t, l)
	accepted(t, w, l.request(0))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(path + ".*.new"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := witness.Create(path, "other", rand.NewChaCha8([32]byte{8}), clock); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a witness over another: %v", err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := witness.Open(path, clock); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a state that others can read: %v", err)
	}
	if _, err := w.Add(l.request(1)); err == nil {
		t.Error("a state that others can read is worked on")
	}
}

func TestAnotherKeyForAKnownJournalIsRefused(t *testing.T) {
	l := newLog(t)
	w, _ := newWitness(t, l)
	_, forged, err := journal.GenerateKey(l.Origin(), rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Trust(forged); err == nil {
		t.Error("the key of a journal was replaced")
	}
	if _, err := w.Trust(l.VerifierKey()); err != nil {
		t.Errorf("the same key again: %v", err)
	}
	if _, err := w.Trust("nonsense"); err == nil {
		t.Error("nonsense is trusted")
	}
}

// Requests at once, from two processes, never make a witness go back.
func TestRequestsAtOnceNeverGoBack(t *testing.T) {
	l := newLog(t)
	w, path := newWitness(t, l)
	other, err := witness.Open(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	accepted(t, w, l.request(0))
	var requests [][]byte
	for _, name := range strings.Split("abcdefgh", "") {
		l.add("user-" + name)
		requests = append(requests, l.request(1))
	}
	var (
		wg sync.WaitGroup
		n  atomic.Int32
	)
	for i, request := range requests {
		wg.Go(func() {
			if _, err := []*witness.Witness{w, other}[i%2].Add(request); err == nil {
				n.Add(1)
			}
		})
	}
	wg.Wait()
	if logs, err := other.Logs(); err != nil || n.Load() != 1 || logs[0].Newest.Size < 2 {
		t.Errorf("%d of the requests from one size were accepted: %+v, %v", n.Load(), logs, err)
	}
}

func server(t *testing.T, w *witness.Witness) string {
	t.Helper()
	s := httptest.NewServer(w.Handler(func(err error) { t.Error(err) }))
	t.Cleanup(s.Close)
	return s.URL
}

func TestAStoreIsWitnessedOverHTTP(t *testing.T) {
	l := newLog(t)
	w, _ := newWitness(t, l)
	c, err := witness.NewClient(server(t, w)+"/", w.Public())
	if err != nil {
		t.Fatal(err)
	}
	key, _ := journal.NewWitness(w.Public())
	back := l.copy()
	for _, name := range []string{"ada", "bob"} {
		l.add(name)
		cp, err := c.Cosign(t.Context(), l.Store)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := key.Seen(cp); err != nil || cp.Size != l.head().Size {
			t.Errorf("%+v, %v", cp, err)
		}
	}
	fork := back()
	if _, err := c.Cosign(t.Context(), fork.Store); err == nil || !strings.Contains(err.Error(), "rolled back") {
		t.Errorf("a shorter journal: %v", err)
	}
	fork.add("eve", "fay", "guy")
	if _, err := c.Cosign(t.Context(), fork.Store); err == nil || !strings.Contains(err.Error(), "refuses checkpoint") {
		t.Errorf("a forked journal: %v", err)
	}
	_, other, err := journal.GenerateKey("x", rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"ftp://x", w.Public()}, {"witness", w.Public()}, {"http://x", other}} {
		if _, err := witness.NewClient(c[0], c[1]); err == nil {
			t.Errorf("%q with %q is a witness", c[0], c[1])
		}
	}
}

func TestTheHTTPAnswersAreThoseOfTheSpecification(t *testing.T) {
	l := newLog(t)
	w, _ := newWitness(t, l)
	l.add("ada")
	h := w.Handler(func(err error) { t.Error(err) })
	ask := func(method, body string) *httptest.ResponseRecorder {
		rw := httptest.NewRecorder()
		h.ServeHTTP(rw, httptest.NewRequestWithContext(context.Background(), method, "/add-checkpoint", strings.NewReader(body)))
		return rw
	}
	if rw := ask(http.MethodPost, string(l.request(0))); rw.Code != http.StatusOK || !strings.HasPrefix(rw.Body.String(), "— witness.example/w1 ") || !strings.HasSuffix(rw.Body.String(), "\n") {
		t.Errorf("%d %q", rw.Code, rw.Body)
	}
	rw := ask(http.MethodPost, string(l.request(0)))
	if rw.Code != http.StatusConflict || rw.Body.String() != "2\n" || rw.Header().Get("Content-Type") != "text/x.tlog.size" {
		t.Errorf("%d %q %v", rw.Code, rw.Body, rw.Header())
	}
	if rw := ask(http.MethodPost, strings.Repeat("x", 1<<20)); rw.Code != http.StatusBadRequest {
		t.Errorf("%d %q", rw.Code, rw.Body)
	}
	if rw := ask(http.MethodGet, ""); rw.Code != http.StatusMethodNotAllowed {
		t.Errorf("%d", rw.Code)
	}
}

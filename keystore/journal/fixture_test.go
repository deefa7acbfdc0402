package journal

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// MemTx is a kv.Writer on a map.
type MemTx struct {
	rows map[string][]byte
	keys []string // sorted; nil if it must be made anew
}

func newMemTx() *MemTx { return &MemTx{rows: map[string][]byte{}} }

func (m *MemTx) clone() *MemTx { return &MemTx{maps.Clone(m.rows), slices.Clone(m.keys)} }

func (m *MemTx) Get(key []byte) ([]byte, error) { return m.rows[string(key)], nil }

func (m *MemTx) Put(key, value []byte) error {
	if len(value) == 0 || len(value) > kv.MaxValue {
		return kv.ErrValue
	}
	if _, ok := m.rows[string(key)]; !ok && m.keys != nil {
		i, _ := slices.BinarySearch(m.keys, string(key))
		m.keys = slices.Insert(m.keys, i, string(key))
	}
	m.rows[string(key)] = bytes.Clone(value)
	return nil
}

func (m *MemTx) Delete(key []byte) error {
	delete(m.rows, string(key))
	m.keys = nil
	return nil
}

func (m *MemTx) Scan(r kv.Range, fn func(key, value []byte) error) error {
	if m.keys == nil {
		m.keys = slices.Sorted(maps.Keys(m.rows))
	}
	from, _ := slices.BinarySearch(m.keys, string(r.From))
	to := len(m.keys)
	if r.To != nil {
		to, _ = slices.BinarySearch(m.keys, string(r.To))
	}
	keys := m.keys[from:max(from, to)]
	if r.Reverse {
		keys = slices.Clone(keys)
		slices.Reverse(keys)
	}
	for _, key := range keys {
		if err := fn([]byte(key), m.rows[key]); err != nil {
			if err == kv.Stop {
				return nil
			}
			return err
		}
	}
	return nil
}

// MemStore has the View and Update of a kv.Store, enough for the example.
type MemStore struct {
	mu sync.Mutex
	tx *MemTx
}

func NewMemStore() *MemStore { return &MemStore{tx: newMemTx()} }

func (s *MemStore) View(_ context.Context, fn func(kv.Reader) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn(s.tx)
}

func (s *MemStore) Update(_ context.Context, fn func(kv.Writer) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := s.tx.clone()
	if err := fn(tx); err != nil {
		return err
	}
	s.tx = tx
	return nil
}

// memoVerifier remembers its answers, because the tests that verify a journal
// thousands of times would spend their time on one and the same signature.
type memoVerifier struct {
	Verifier
	known map[string]bool
}

func (m memoVerifier) Verify(msg, sig []byte) bool {
	key := string(msg) + string(sig)
	if _, ok := m.known[key]; !ok {
		m.known[key] = m.Verifier.Verify(msg, sig)
	}
	return m.known[key]
}

const testOrigin = "pakdeck/7f3a9c"

var testStart = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// keyPair makes a key pair that depends on seed only.
func keyPair(tb testing.TB, seed uint64) (Signer, Verifier) {
	tb.Helper()
	var s [32]byte
	s[0] = byte(seed)
	skey, vkey, err := GenerateKey(testOrigin, rand.NewChaCha8(s))
	if err != nil {
		tb.Fatal(err)
	}
	signer, err := NewSigner(skey)
	if err != nil {
		tb.Fatal(err)
	}
	verifier, err := NewVerifier(vkey)
	if err != nil {
		tb.Fatal(err)
	}
	return signer, memoVerifier{verifier, map[string]bool{}}
}

// testRecord makes different records of many shapes.
func testRecord(i int) Record {
	e := events[i%len(events)]
	r := Record{
		Time: testStart.Add(time.Duration(i) * 61 * time.Second), Code: e.Code, Event: e.Name, Outcome: "ok",
		Actor:  Actor{UID: 1000 + i%3, User: "ada", Via: "tui"},
		Object: Object{Kind: "key", ID: fmt.Sprintf("%016d", i), Name: "ci-deploy"},
	}
	switch i % 4 {
	case 1:
		r.Reason = "left the team, \"for good\"\n\u202e"
		r.Actor.Claims = Claims{SSHConnection: "203.0.113.9 50022 10.0.0.1 22", SudoUser: "grace"}
	case 2:
		r.Object, r.Source = Object{}, Source{IP: "198.51.100.7", Agent: "curl", Route: "/v1/größe", Fingerprint: "0011223344556677"}
	case 3:
		r.Diff = []Change{
			{Field: "name", Before: nil, After: "ci <deploy> & test"},
			{Field: "deny", Before: []any{}, After: []any{map[string]any{"prefix": "10.0.0.0/8", "note": "vpn\u200b"}, 1.5, true}},
		}
	}
	return r
}

// fixture is a journal with all its checkpoints.
type fixture struct {
	tx     *MemTx
	signer Signer
	v      Verifier
	side   []Checkpoint // after each commit
}

// newFixture makes a journal of n records, committed every step records and at
// the end.
func newFixture(tb testing.TB, n, step int) *fixture {
	tb.Helper()
	f := &fixture{tx: newMemTx()}
	f.signer, f.v = keyPair(tb, 1)
	for from := 0; from < n; from += step {
		f.add(tb, from, min(from+step, n))
	}
	return f
}

// add appends the test records from..to-1 in one transaction.
func (f *fixture) add(tb testing.TB, from, to int) Checkpoint {
	tb.Helper()
	a, err := Begin(f.tx)
	if err != nil {
		tb.Fatal(err)
	}
	for i := from; i < to; i++ {
		if seq, err := a.Append(testRecord(i)); err != nil || seq != int64(i) {
			tb.Fatalf("Append = %d, %v; want %d", seq, err, i)
		}
	}
	c, err := a.Commit(f.signer, testStart.Add(time.Duration(to)*time.Minute))
	if err != nil {
		tb.Fatal(err)
	}
	f.side = append(f.side, c)
	return c
}

// amount is how much of a long computation is done: all, or less of it in the
// short run, which the race detector makes ten times as slow.
func amount[T int | int64](all, short T) T {
	if testing.Short() {
		return short
	}
	return all
}

func (f *fixture) raw(seq int64) []byte { return f.tx.rows[string(recordKey(seq))] }

func (f *fixture) set(seq int64, raw []byte) { f.tx.rows[string(recordKey(seq))] = raw }

// rechain makes the records from seq on follow each other again, and the stored
// hashes with them, as a forger without the signing key would.
func (f *fixture) rechain(tb testing.TB, size int64) {
	tb.Helper()
	var fr frontier
	fr.tree.visit = func(level int, index int64, h Hash) error { return f.tx.Put(nodeKey(level, index), h[:]) }
	for seq := range size {
		r, err := Decode(f.raw(seq))
		if err != nil {
			tb.Fatal(err)
		}
		r.Seq, r.Prev = seq, fr.last
		raw, err := r.Encode()
		if err != nil {
			tb.Fatal(err)
		}
		f.set(seq, raw)
		fr.last = LeafHash(raw)
		if err := fr.tree.add(fr.last); err != nil {
			tb.Fatal(err)
		}
	}
	f.tx.rows[frontierKey] = fr.encode()
}

// resign signs what is there, as a forger with the signing key would.
func (f *fixture) resign(tb testing.TB) Checkpoint {
	tb.Helper()
	fr, err := readFrontier(f.tx)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := sign(Checkpoint{Origin: testOrigin, Size: fr.tree.size, Root: fr.tree.root(), Time: testStart}, f.signer)
	if err != nil {
		tb.Fatal(err)
	}
	f.tx.rows[checkpointKey] = c.Note
	return c
}

func (f *fixture) verify(tb testing.TB, side ...Checkpoint) Report {
	tb.Helper()
	rep, err := Verify(f.tx, f.v, side)
	if err != nil {
		tb.Fatal(err)
	}
	if rep.Intact != (rep.Problem == "") || rep.Intact && rep.Bad != -1 {
		tb.Fatalf("report contradicts itself: %+v", rep)
	}
	return rep
}

package kvtest

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// concurrencyChecks are the promises about transactions beside each other.
var concurrencyChecks = []check{
	{"no update is lost", noLostUpdate},
	{"updates that read what others write are serialised", noWriteSkew},
	{"a View sees one state while others write", oneState},
	{"a View never sees half an Update", noHalves},
}

const (
	writers = 4
	rounds  = 25
)

// together runs n functions at once and returns when all have.
func together(t *testing.T, n int, fn func(i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- fn(i) }()
	}
	for range n {
		if err := finished(t, "a transaction", errs); err != nil {
			t.Error(err)
		}
	}
}

// number reads a decimal counter; an absent one is 0.
func number(r kv.Reader, key string) (int, error) {
	v, err := r.Get([]byte(key))
	if err != nil || v == nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

func setNumber(w kv.Writer, key string, n int) error {
	return w.Put([]byte(key), strconv.AppendInt(nil, int64(n), 10))
}

// letOthersIn gives the other goroutines the processor in the middle of a
// transaction, where an engine that does not serialise goes wrong.
func letOthersIn() {
	for range 10 {
		runtime.Gosched()
	}
}

// add is the transaction that loses counts if updates are not serialised.
func add(key string, d int) func(kv.Writer) error {
	return func(w kv.Writer) error {
		n, err := number(w, key)
		if err != nil {
			return err
		}
		letOthersIn()
		return setNumber(w, key, n+d)
	}
}

func noLostUpdate(t *testing.T, s kv.Store) {
	together(t, writers, func(int) error {
		for range rounds {
			if err := s.Update(t.Context(), add("n", 1)); err != nil {
				return err
			}
		}
		return nil
	})
	if got, wanted := value(t, s, "n"), strconv.Itoa(writers*rounds); got != wanted {
		t.Errorf("%d goroutines added 1 %d times each: got %s, want %s", writers, rounds, got, wanted)
	}
}

// noWriteSkew has every goroutine claim the one free seat on a key of its own;
// an engine that only compares written keys lets several through.
func noWriteSkew(t *testing.T, s kv.Store) {
	for round := range rounds {
		seats := kv.Prefix(fmt.Appendf(nil, "seat/%d/", round))
		together(t, writers, func(i int) error {
			return s.Update(t.Context(), func(w kv.Writer) error {
				taken, err := pairs(w, seats)
				letOthersIn()
				if err != nil || len(taken) > 0 {
					return err
				}
				return w.Put(fmt.Appendf(nil, "seat/%d/%d", round, i), []byte("taken"))
			})
		})
		if got := scan(t, s, seats); len(got) != 1 {
			t.Fatalf("round %d: %q hold the one seat", round, got)
		}
	}
}

func oneState(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "1")
	written := make(chan error, 1)
	started := false
	view(t, s, func(r kv.Reader) error {
		if !started {
			started = true
			// It may have to wait for the end of this View.
			go func() {
				written <- s.Update(t.Context(), func(w kv.Writer) error {
					if err := w.Put([]byte("a"), []byte("2")); err != nil {
						return err
					}
					return w.Put([]byte("c"), []byte("2"))
				})
			}()
		}
		for range 200 {
			got, err := pairs(r, kv.Range{})
			if err != nil {
				return err
			}
			want(t, "inside the View", got, "a=1", "b=1")
		}
		return nil
	})
	if err := finished(t, "the Update", written); err != nil {
		t.Fatal(err)
	}
	want(t, "after both", scan(t, s, kv.Range{}), "a=2", "b=1", "c=2")
}

func noHalves(t *testing.T, s kv.Store) {
	put(t, s, "x", "100", "y", "0")
	done := make(chan struct{})
	moved := make(chan error, 1)
	go func() {
		defer close(done)
		for range rounds {
			if err := s.Update(t.Context(), move); err != nil {
				moved <- err
				return
			}
		}
		moved <- nil
	}()
	together(t, writers, func(int) error {
		for {
			if err := s.View(t.Context(), sumIs100); err != nil {
				return err
			}
			select {
			case <-done:
				return nil
			default:
			}
		}
	})
	if err := finished(t, "the writer", moved); err != nil {
		t.Fatal(err)
	}
	want(t, "at the end", scan(t, s, kv.Range{}), "x="+strconv.Itoa(100-rounds), "y="+strconv.Itoa(rounds))
}

// move takes 1 from x and gives it to y.
func move(w kv.Writer) error {
	if err := add("x", -1)(w); err != nil {
		return err
	}
	letOthersIn()
	return add("y", 1)(w)
}

func sumIs100(r kv.Reader) error {
	x, err := number(r, "x")
	if err != nil {
		return err
	}
	y, err := number(r, "y")
	if err != nil {
		return err
	}
	if x+y != 100 {
		return fmt.Errorf("x = %d and y = %d: the View saw half an Update", x, y)
	}
	return nil
}

package kvtest

import (
	"errors"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// transactionChecks are the promises about one transaction by itself.
var transactionChecks = []check{
	{"a transaction reads its own writes", ownWrites},
	{"an error of the closure writes nothing and comes back", rollbackOnError},
	{"a panic in the closure writes nothing and goes on up", rollbackOnPanic},
	{"an error of a View closure comes back", viewError},
	{"a Reader of a View cannot write", viewCannotWrite},
	{"a Reader or Writer is useless after its transaction", deadTransaction},
}

func ownWrites(t *testing.T, s kv.Store) {
	put(t, s, "a", "old", "b", "old", "d", "old")
	update(t, s, func(w kv.Writer) error {
		err := errors.Join(
			w.Put([]byte("b"), []byte("new")),
			w.Put([]byte("c"), []byte("new")),
			w.Delete([]byte("d")))
		if err != nil {
			return err
		}
		for key, wanted := range map[string]string{"a": "old", "b": "new", "c": "new", "d": ""} {
			v, err := w.Get([]byte(key))
			if err != nil {
				return err
			}
			if string(v) != wanted || (wanted == "" && v != nil) {
				t.Errorf("Get(%q) = %q, want %q", key, v, wanted)
			}
		}
		forward, err1 := pairs(w, kv.Range{})
		backward, err2 := pairs(w, kv.Range{From: []byte("b"), Reverse: true})
		want(t, "inside the transaction", forward, "a=old", "b=new", "c=new")
		want(t, "inside the transaction, in reverse", backward, "c=new", "b=new")
		return errors.Join(err1, err2)
	})
}

// change is what the failing transactions try.
func change(w kv.Writer) error {
	return errors.Join(w.Put([]byte("a"), []byte("new")), w.Put([]byte("b"), []byte("new")), w.Delete([]byte("c")))
}

func rollbackOnError(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "c", "3")
	errOwn := errors.New("own error")
	err := s.Update(t.Context(), func(w kv.Writer) error {
		if err := change(w); err != nil {
			return err
		}
		return errOwn
	})
	if err != errOwn {
		t.Errorf("got %v, want the very error of the closure", err)
	}
	want(t, "after the failed Update", scan(t, s, kv.Range{}), "a=1", "c=3")
	put(t, s, "d", "4")
	want(t, "after the next Update", scan(t, s, kv.Range{}), "a=1", "c=3", "d=4")
}

func rollbackOnPanic(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "c", "3")
	func() {
		defer func() {
			if p := recover(); p != "own panic" {
				t.Errorf("recovered %v, want the closure's panic", p)
			}
		}()
		_ = s.Update(t.Context(), func(w kv.Writer) error {
			if err := change(w); err != nil {
				return err
			}
			panic("own panic")
		})
	}()
	want(t, "after the panic", scan(t, s, kv.Range{}), "a=1", "c=3")
	put(t, s, "d", "4")
	want(t, "after the next Update", scan(t, s, kv.Range{}), "a=1", "c=3", "d=4")
}

func viewError(t *testing.T, s kv.Store) {
	errOwn := errors.New("own error")
	if err := s.View(t.Context(), func(kv.Reader) error { return errOwn }); err != errOwn {
		t.Errorf("got %v, want the very error of the closure", err)
	}
}

func viewCannotWrite(t *testing.T, s kv.Store) {
	put(t, s, "a", "1")
	_ = s.View(t.Context(), func(r kv.Reader) error {
		w, ok := r.(kv.Writer)
		if !ok {
			return nil
		}
		if w.Put([]byte("b"), []byte("2")) == nil || w.Delete([]byte("a")) == nil {
			t.Error("a View wrote without an error")
		}
		return nil
	})
	want(t, "after the View", scan(t, s, kv.Range{}), "a=1")
}

func deadTransaction(t *testing.T, s kv.Store) {
	put(t, s, "a", "1")
	var r kv.Reader
	var w kv.Writer
	view(t, s, func(in kv.Reader) error { r = in; return nil })
	update(t, s, func(in kv.Writer) error { w = in; return nil })
	if v, err := r.Get([]byte("a")); err == nil {
		t.Errorf("Get after the View: %q without an error", v)
	}
	if err := r.Scan(kv.Range{}, func(_, _ []byte) error { return nil }); err == nil {
		t.Error("Scan after the View: no error")
	}
	if err := w.Put([]byte("b"), []byte("2")); err == nil {
		t.Error("Put after the Update: no error")
	}
	if err := w.Delete([]byte("a")); err == nil {
		t.Error("Delete after the Update: no error")
	}
	want(t, "after the late calls", scan(t, s, kv.Range{}), "a=1")
}

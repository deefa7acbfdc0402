package keystore

import (
	"bytes"
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Annex names the rows that a package above keystore keeps in the store, so
// that they are committed with the journal and travel with the file: "usage",
// "lint". It is a word of a-z, for ever that package's own. Inside an annex
// keys are as in kv, but at most [MaxAnnexKey] bytes long.
type Annex string

// MaxAnnexKey is the length of the longest key in an annex, in bytes.
const MaxAnnexKey = kv.MaxKey - 64

// View runs fn on one consistent state of an annex.
func (a Annex) View(ctx context.Context, st *Store, fn func(kv.Reader) error) error {
	return st.kv.View(ctx, func(r kv.Reader) error { return fn(a.reader(r)) })
}

// Change runs fn on an annex and commits what it wrote together with the
// journal records that it returns; without a record it leaves no trace in the
// journal. The time is that of the change. fn may run twice.
func (a Annex) Change(ctx context.Context, st *Store, fn func(kv.Writer, time.Time) ([]journal.Record, error)) error {
	return st.changes(ctx, always, func(t tx) ([]journal.Record, error) { return fn(a.writer(t), t.now) })
}

// Beside is what is written to an annex in the transaction of a use case.
type Beside struct {
	annex Annex
	write func(kv.Writer, time.Time) error
}

// Beside returns fn for a use case that takes it along. fn may run twice.
func (a Annex) Beside(fn func(kv.Writer, time.Time) error) Beside { return Beside{a, fn} }

func (a Annex) reader(r kv.Reader) annexReader {
	return annexReader{r, []byte(tableAnnex + string(a) + "\x00")}
}

func (a Annex) writer(w kv.Writer) annexWriter { return annexWriter{a.reader(w), w} }

// annexReader shows the rows of an annex under their own keys.
type annexReader struct {
	r      kv.Reader
	prefix []byte
}

func (x annexReader) row(key []byte) []byte { return append(bytes.Clone(x.prefix), key...) }

// own is row for a key that is to be found or written.
func (x annexReader) own(key []byte) ([]byte, error) {
	if len(key) == 0 || len(key) > MaxAnnexKey {
		return nil, kv.ErrKey
	}
	return x.row(key), nil
}

func (x annexReader) Get(key []byte) ([]byte, error) {
	row, err := x.own(key)
	if err != nil {
		return nil, err
	}
	return x.r.Get(row)
}

func (x annexReader) Scan(r kv.Range, fn func(key, value []byte) error) error {
	whole := kv.Prefix(x.prefix)
	in := kv.Range{From: x.row(r.From), To: whole.To, Reverse: r.Reverse}
	if r.To != nil {
		in.To = x.row(r.To)
	}
	return x.r.Scan(in, func(key, value []byte) error { return fn(key[len(x.prefix):], value) })
}

type annexWriter struct {
	annexReader
	w kv.Writer
}

func (x annexWriter) Put(key, value []byte) error {
	row, err := x.own(key)
	if err != nil {
		return err
	}
	return x.w.Put(row, value)
}

func (x annexWriter) Delete(key []byte) error {
	row, err := x.own(key)
	if err != nil {
		return err
	}
	return x.w.Delete(row)
}

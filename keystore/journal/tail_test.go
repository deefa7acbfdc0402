package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestTheTailIsVerified(t *testing.T) {
	const size, most = 700, 300
	_, stranger := keyPair(t, 2)
	for name, test := range map[string]struct {
		spoil func(f *fixture)
		want  string // "": nothing is wrong
	}{
		"intact":                   {func(*fixture) {}, ""},
		"last record changed":      {func(f *fixture) { f.change(size - 1) }, "record 699 was changed"},
		"record before changed":    {func(f *fixture) { f.change(size - 2) }, "record 698 was changed"},
		"at the end of the look":   {func(f *fixture) { f.change(size - most) }, "record 400 was changed"},
		"before the look":          {func(f *fixture) { f.change(size - most - 1) }, ""},
		"last record missing":      {func(f *fixture) { _ = f.tx.Delete(recordKey(size - 1)) }, "record 699 is missing"},
		"record missing":           {func(f *fixture) { _ = f.tx.Delete(recordKey(size - 5)) }, "record 695 is missing"},
		"one more than is signed":  {func(f *fixture) { _ = f.tx.Put(recordKey(size), f.raw(size-1)) }, "record 700 is not under the newest checkpoint"},
		"forged without the key":   {func(f *fixture) { f.change(size - 5); f.rechain(t, size) }, "record 699"},
		"checkpoint missing":       {func(f *fixture) { _ = f.tx.Delete([]byte(checkpointKey)) }, "newest checkpoint"},
		"checkpoint of a stranger": {func(f *fixture) { f.v = stranger }, "newest checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, size, 7)
			test.spoil(f)
			head, err := VerifyTail(f.tx, f.v, most)
			if test.want == "" {
				if err != nil || head.Size != size {
					t.Errorf("%d, %v", head.Size, err)
				}
				return
			}
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// change changes one letter of the event in a record, so that it may stay
// a record.
func (f *fixture) change(seq int64) {
	raw := bytes.Clone(f.raw(seq))
	i := bytes.Index(raw, []byte(`"event":"`)) + len(`"event":"`)
	raw[i] ^= 1
	f.set(seq, raw)
}

// A journal of few records ends before the look does.
func TestTheTailOfAShortJournalIsAllOfIt(t *testing.T) {
	f := newFixture(t, 3, 1)
	if head, err := VerifyTail(f.tx, f.v, 1000); err != nil || head.Size != 3 {
		t.Errorf("%d, %v", head.Size, err)
	}
	if _, err := VerifyTail(brokenRow{f.tx}, f.v, 1000); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("what cannot be read is not damaged: %v", err)
	}
}

type brokenRow struct{ kv.Reader }

func (brokenRow) Get([]byte) ([]byte, error) { return nil, errors.New("disk") }

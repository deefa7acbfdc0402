package backup

import (
	"context"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// annex holds one row: when the store was last backed up, and when a backup was
// last tried.
const annex keystore.Annex = "backup"

var lastRow = []byte("last")

// Last is when the newest backup was made, and when one was last opened and found
// good. A zero time is never.
type Last struct {
	Made  time.Time
	Tried time.Time
}

// lastRecord is the row, in Unix ms.
type lastRecord struct {
	Made  int64 `cbor:"1,keyasint,omitempty"`
	Tried int64 `cbor:"2,keyasint,omitempty"`
}

// ReadLast returns what the store knows of its backups.
func ReadLast(ctx context.Context, st *keystore.Store) (l Last, err error) {
	err = annex.View(ctx, st, func(r kv.Reader) error {
		row, err := readLast(r)
		l = Last{fromMillis(row.Made), fromMillis(row.Tried)}
		return err
	})
	return l, err
}

func readLast(r kv.Reader) (row lastRecord, err error) {
	b, err := r.Get(lastRow)
	if err != nil || b == nil {
		return row, err
	}
	return row, cbor.Unmarshal(b, &row)
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// NoteMade records that a backup was made and where it went, in the journal too.
func NoteMade(ctx context.Context, st *keystore.Store, m Manifest, where string, encrypted bool) error {
	return note(ctx, st, journal.EventStoreBackup, where, []journal.Change{
		{Field: "records", After: m.Size}, {Field: "encrypted", After: encrypted}, {Field: "keyring", After: m.Keyring()},
	}, func(l *lastRecord, now time.Time) { l.Made = now.UnixMilli() })
}

// NoteTried records that a backup of this store was opened and found good.
func NoteTried(ctx context.Context, st *keystore.Store, m Manifest, where string) error {
	return note(ctx, st, journal.EventStoreCheck, where, []journal.Change{
		{Field: "backup", After: m.Time.Format(time.RFC3339)}, {Field: "records", After: m.Size},
	}, func(l *lastRecord, now time.Time) { l.Tried = now.UnixMilli() })
}

func note(ctx context.Context, st *keystore.Store, e journal.Event, where string, diff []journal.Change, set func(*lastRecord, time.Time)) error {
	return annex.Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		row, err := readLast(w)
		if err != nil {
			return nil, err
		}
		set(&row, now)
		b, err := cbor.Marshal(row)
		if err != nil {
			return nil, err
		}
		r := journal.Record{
			Code: e.Code, Event: e.Name, Outcome: string(keystore.OK), Reason: where, Diff: diff,
			Object: journal.Object{Kind: "store", ID: st.Origin()},
		}
		return []journal.Record{r}, w.Put(lastRow, b)
	})
}

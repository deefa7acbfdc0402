package journal_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// A change and its record go into one transaction. Later an auditor verifies the
// journal, or checks a line with nothing but SHA-256.
func Example() {
	skey, vkey, err := journal.GenerateKey(journal.Origin("7f3a9c"), nil)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := journal.NewSigner(skey)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := journal.NewVerifier(vkey)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	store := journal.NewMemStore()

	now := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	for _, e := range []journal.Event{journal.EventKeyDisable, journal.EventKeyRevoke} {
		err := store.Update(ctx, func(tx kv.Writer) error {
			if err := tx.Put([]byte("key/ci-deploy"), []byte(e.Name)); err != nil {
				return err
			}
			a, err := journal.Begin(tx)
			if err != nil {
				return err
			}
			r := journal.Record{
				Time: now, Code: e.Code, Event: e.Name, Outcome: "ok",
				Actor:  journal.Actor{UID: 1000, User: "ada", Via: "cli"},
				Object: journal.Object{Kind: "key", Name: "ci-deploy"},
			}
			if _, err := a.Append(r); err != nil {
				return err
			}
			_, err = a.Commit(signer, now)
			return err
		})
		if err != nil {
			log.Fatal(err)
		}
	}

	err = store.View(ctx, func(r kv.Reader) error {
		report, err := journal.Verify(r, verifier, nil)
		if err != nil {
			return err
		}
		fmt.Println(report)

		var prev [32]byte
		return journal.Read(r, 0, func(seq int64, line []byte) error {
			record, err := journal.Decode(line)
			if err != nil {
				return err
			}
			fmt.Println(seq, record.Event, record.Prev == prev)
			prev = sha256.Sum256(append([]byte{0}, line...))
			return nil
		})
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// intact up to 2
	// 0 key.disable true
	// 1 key.revoke true
}

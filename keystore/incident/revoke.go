package incident

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/follow"
)

// Reasons for the journal.
const (
	ByText  = "compromised: given away by a text"
	InHands = "compromised: in wrong hands"
)

// Revoke ends keys for ever, one whatever becomes of the others, and waits until
// the verifiers know it. It returns how many were ended; the error is about the
// others.
func Revoke(ctx context.Context, st *keystore.Store, keys []keystore.KeyView, reason string) (done int, known follow.Report, err error) {
	plan, err := bulk.Plan(ctx, st, keys, bulk.Change{Revoke: &keystore.Revocation{Reason: reason, Compromised: true}})
	var errs []error
	if err == nil {
		err = bulk.Apply(ctx, st, plan, func(r bulk.Result) {
			if r.Done {
				done++
			}
			errs = append(errs, r.Err)
		})
	}
	return done, follow.Await(ctx, st), errors.Join(append(errs, err)...)
}

// MaxText bounds the text that is searched, in bytes.
const MaxText = 256 << 20

// ReadFile reads a text of at most [MaxText] bytes.
func ReadFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxText+1))
	if len(b) > MaxText {
		err = fmt.Errorf("%s has more than 256 MiB; search it in parts", path)
	}
	return string(b), errors.Join(err, f.Close())
}

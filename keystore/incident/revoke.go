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
// the verifiers know it. It tells now and then how many were tried, and returns how
// many were ended; the error is about the others.
func Revoke(ctx context.Context, st *keystore.Store, keys []keystore.KeyView, reason string, tell func(tried int)) (done int, known follow.Report, err error) {
	list := make([]keystore.KeyChange, len(keys))
	for i, k := range keys {
		list[i] = keystore.KeyChange{ID: k.ID, Version: k.Version, Revoke: &keystore.Revocation{Reason: reason, Compromised: true}}
	}
	tried, errs := 0, []error(nil)
	err = bulk.Each(ctx, st, list, func(_ keystore.KeyView, err error) {
		if tried++; err == nil {
			done++
		}
		errs = append(errs, err)
		tell(tried)
	})
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

package review

import (
	"context"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
)

// Save writes the signed report of a session, 0 being the newest, to a new file,
// and the report as JSON, whose SHA-256 it names, to another one beside it:
// review.md and review.json. Both are readable by their owner alone; one that is
// there already is not overwritten.
func Save(ctx context.Context, st *keystore.Store, number int, path string) (beside string, err error) {
	s, err := Load(ctx, st, number)
	if err != nil {
		return "", err
	}
	r, err := Make(ctx, st, s)
	if err != nil {
		return "", err
	}
	signed, err := Sign(st, r)
	if err != nil {
		return "", err
	}
	b, err := r.JSON()
	if err != nil {
		return "", err
	}
	beside = strings.TrimSuffix(path, ".md") + ".json"
	if err := pak.Save(path, signed); err != nil {
		return "", err
	}
	return beside, pak.Save(beside, b)
}

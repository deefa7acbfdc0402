package usage

import (
	"context"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Follow calls fn with the uses of a secret as they come in, whichever process
// records them, until fn says that it has seen enough or ctx ends. It begins
// with those that there are, if there are any.
func Follow(ctx context.Context, st *keystore.Store, id token.ID, fn func(keystore.Uses) (enough bool)) error {
	notices, err := st.Watch(ctx)
	if err != nil {
		return err
	}
	var seen uint64
	for {
		u, err := st.SecretUses(ctx, id)
		if err != nil {
			return err
		}
		if n := u.OK + u.DeniedTotal(); n != seen {
			if seen = n; fn(u) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-notices:
			if !open {
				return context.Cause(ctx)
			}
		}
	}
}

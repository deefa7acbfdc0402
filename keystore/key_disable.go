package keystore

import "context"

// DisableKey switches a key off until it is enabled again.
func (s *Store) DisableKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.ChangeKey(ctx, KeyChange{ID: id, Version: version, Disable: true})
}

// EnableKey switches a disabled key on again.
func (s *Store) EnableKey(ctx context.Context, id KeyID, version uint64) (KeyView, error) {
	return s.ChangeKey(ctx, KeyChange{ID: id, Version: version, Enable: true})
}

package kvtest

import (
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Hold holds a store as a process would that writes, until the result is called.
func Hold(t *testing.T, s kv.Store) (release func()) {
	t.Helper()
	held, free, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		err := s.Update(t.Context(), func(kv.Writer) error {
			close(held)
			<-free
			return nil
		})
		if err != nil {
			t.Errorf("holding the store: %v", err)
		}
	}()
	<-held
	return func() {
		close(free)
		<-done
	}
}

//go:build unix

package bolt_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
)

func Example() {
	folder, err := os.MkdirTemp("", "pakdeck")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ctx, path := context.Background(), filepath.Join(folder, "store.db")

	err = bolt.Create(ctx, path, func(w kv.Writer) error {
		return w.Put([]byte("greeting"), []byte("hello"))
	})
	if err != nil {
		log.Fatal(err)
	}
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	err = s.View(ctx, func(r kv.Reader) error {
		v, err := r.Get([]byte("greeting"))
		fmt.Printf("%s\n", v)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: hello
}

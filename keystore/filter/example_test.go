package filter_test

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
)

func ExampleParse() {
	f, err := filter.Parse("name:ci-* !state:revoked")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"ci-deploy", "backup"} {
		key := keystore.KeyView{Key: keystore.Key{Name: name}}
		fmt.Println(name, f.Match(&key, time.Now(), 0))
	}
	_, err = filter.Parse("state:revokd")
	fmt.Println(err)
	// Output:
	// ci-deploy true
	// backup false
	// filter term "state:revokd": there is no such state; use active, expiring, rotating, pending, disabled, expired, revoked
}

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
	keys := []keystore.KeyView{{Key: keystore.Key{Name: "ci-deploy"}}, {Key: keystore.Key{Name: "backup"}}}
	matches := f.Among(keys, filter.NewIndex(keys), time.Now(), 0)
	for i, v := range keys {
		fmt.Println(v.Name, matches(i))
	}
	_, err = filter.Parse("state:revokd")
	fmt.Println(err)
	// Output:
	// ci-deploy true
	// backup false
	// filter term "state:revokd": there is no such state; use active, expiring, rotating, pending, disabled, expired, revoked
}

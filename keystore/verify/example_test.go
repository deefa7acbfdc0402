package verify_test

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "pakdeck-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	store, err := keystore.Create(ctx, filepath.Join(folder, "store.db"), keystore.CreateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	user, err := store.AddUser(ctx, keystore.NewUser{Name: "build-bot", Permissions: []keystore.Scope{"chat:*"}})
	if err != nil {
		log.Fatal(err)
	}
	_, key, err := store.CreateKey(ctx, keystore.NewKey{
		User: user.ID, Name: "ci-deploy", Expires: time.Now().AddDate(0, 3, 0),
		Rules: iprule.Rules{Allow: []iprule.Entry{{Prefix: netip.MustParsePrefix("203.0.113.16/29")}}},
	})
	if err != nil {
		log.Fatal(err)
	}

	verifier, err := verify.New(ctx, store, verify.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, ip := range []string{"203.0.113.17", "198.51.100.1"} {
		request := verify.Request{
			Key:    key.Reveal(),
			Caller: keystore.Caller{IP: netip.MustParseAddr(ip), Route: "POST /v1/chat/completions"},
			Scope:  "chat:write",
		}
		fmt.Println(ip, verifier.Verify(request).Outcome)
		explanation, err := verify.Explain(ctx, store, request)
		if err != nil {
			log.Fatal(err)
		}
		for _, step := range explanation.Steps {
			if step.Result == verify.Failed {
				fmt.Println(" ", step.Text)
			}
		}
	}
	// Output:
	// 203.0.113.17 ok
	// 198.51.100.1 ip_denied
	//   denied: not in the allow list (1 entry)
}

package pak_test

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// exampleKey is always the same; real ones are minted with a nil source.
func exampleKey() token.Key {
	key, err := token.Mint("pak", strings.NewReader(strings.Repeat("not random. ", 4)))
	if err != nil {
		panic(err)
	}
	return key
}

func ExampleEncode() {
	b := pak.Encode(pak.File{
		Key:     exampleKey(),
		Name:    "deploy (production)",
		Owner:   "build-bot",
		Issued:  time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC),
		Expires: time.Date(2027, 2, 21, 9, 0, 0, 0, time.UTC),
		Allow:   []netip.Prefix{netip.MustParsePrefix("10.4.7.0/26")},
		Store:   "pakdeck/7f3a9c",
	})
	fmt.Print(string(b))
	// Output:
	// # pakdeck protected API key, format 1. Treat it like a password.
	// PAK_FORMAT=1
	// PAK_API_KEY=pak_mnsWqZmcnlkW_QBdEfIKqqmQXiXHvANAARAOwFj7lTKCUzQUjjU5J0RY1VFoB0
	// PAK_NAME=deploy%20%28production%29
	// PAK_OWNER=build-bot
	// PAK_ISSUED=2026-11-23T04:00:00Z
	// PAK_EXPIRES=2027-02-21T09:00:00Z
	// PAK_ALLOW=10.4.7.0/26
	// PAK_STORE=pakdeck/7f3a9c
}

func ExampleEncrypt() {
	owner, err := age.GenerateX25519Identity()
	if err != nil {
		fmt.Println(err)
		return
	}
	to, err := pak.ParseRecipient(owner.Recipient().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	locked, err := pak.Encrypt(pak.Encode(pak.File{Key: exampleKey(), Name: "ci-deploy"}), to)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.SplitN(string(locked), "\n", 2)[0])

	plain, err := pak.Decrypt(locked, owner)
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := pak.Decode(plain)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Name, file.Key)
	// Output:
	// -----BEGIN AGE ENCRYPTED FILE-----
	// ci-deploy pak_mnsWqZmcnlkW_[redacted]
}

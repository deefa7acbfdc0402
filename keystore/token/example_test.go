package token_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/token"
)

func Example() {
	// A fixed source makes the example repeatable; give nil for crypto/rand.
	key, err := token.Mint(token.DefaultPrefix, strings.NewReader(strings.Repeat("not random. ", 4)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(key)
	fmt.Println(len(key.Reveal()), "characters, ending in", key.Last4())

	pepper := token.NewPepper("p1", []byte("32 bytes of crypto/rand go here."))
	stored := pepper.Digest(key.Reveal())

	presented, err := token.Parse(token.DefaultPrefix, key.Reveal())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(presented.ID(), pepper.Digest(presented.Reveal()).Equal(stored))
	// Output:
	// pak_mnsWqZmcnlkW_[redacted]
	// 66 characters, ending in FoB0
	// mnsWqZmcnlkW true
}

func ExampleParse() {
	_, err := token.Parse("pak", "sk_live_4eC39HqLyjWDarjtT1zdp7dc")
	fmt.Println(err)
	if bad, ok := errors.AsType[*token.FormatError](err); ok {
		fmt.Println(bad.Reason)
	}
	// Output:
	// malformed key string: it should begin with "pak_"
	// prefix
}

func ExampleRedact() {
	fmt.Println(token.Redact("pak", `curl -H "Authorization: Bearer pak_4kTMd9zqW8aB_7hT3kP2x" https://example.com`))
	// Output:
	// curl -H "Authorization: Bearer pak_4kTMd9zqW8aB_[redacted]" https://example.com
}

package iprule_test

import (
	"fmt"
	"net/netip"

	"github.com/pakdeck/pakdeck/keystore/iprule"
)

func ExampleParse() {
	prefixes, hint, _ := iprule.Parse("192.0.2.10-192.0.2.40")
	fmt.Println(prefixes, hint)

	_, _, err := iprule.Parse("192.0.2.1:443")
	fmt.Println(err)
	// Output:
	// [192.0.2.10/31 192.0.2.12/30 192.0.2.16/28 192.0.2.32/29 192.0.2.40/32] range is 5 prefixes
	// "192.0.2.1:443" has a port: write 192.0.2.1
}

func ExampleParseList() {
	entries, errs := iprule.ParseList(`
		10.4.7.0/26, 10.4.8.9   # build farm
		10.4.9.300
	`)
	fmt.Println(entries)
	fmt.Println(errs)
	// Output:
	// [10.4.7.0/26 10.4.8.9/32 # build farm]
	// [line 3: "10.4.9.300" has an octet that is no number from 0 to 255: write four of them, as in 192.0.2.1]
}

func ExampleRules() {
	allow, _ := iprule.ParseList("203.0.113.0/24 # edge")
	deny, _ := iprule.ParseList("203.0.113.64/26 # scanner")
	r := iprule.Rules{Allow: allow, Deny: deny}
	fmt.Println(r.Validate())
	for _, a := range []string{"203.0.113.5", "203.0.113.70", "::ffff:203.0.113.70", "192.0.2.1"} {
		fmt.Println(a, r.Decide(netip.MustParseAddr(a)))
	}

	set := r.Compile()
	fmt.Println(set.Allowed(netip.MustParseAddr("203.0.113.5")))
	// Output:
	// <nil>
	// 203.0.113.5 allowed by a1 203.0.113.0/24
	// 203.0.113.70 denied by d1 203.0.113.64/26
	// ::ffff:203.0.113.70 denied by d1 203.0.113.64/26
	// 192.0.2.1 denied: not in the allow list (1 entry)
	// true
}

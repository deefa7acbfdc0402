package lint_test

import (
	"fmt"

	"github.com/pakdeck/pakdeck/keystore/iprule"
)

var networkTrials = map[string][]trial{
	"PAK201": {
		{"no list", func(w *world) { w.allow() }, "warning"},
		{"no list, of an admin", func(w *world) { w.allow(); w.admin() }, "error"},
		{"deny list alone", func(w *world) { w.allow(); w.deny("192.0.2.0/24") }, "warning"},
		{"a list", func(*world) {}, ""},
	},
	"PAK202": {
		{"everything", func(w *world) { w.allow("0.0.0.0/0") }, "error"},
		{"halves of everything", func(w *world) { w.allow("0.0.0.0/1", "128.0.0.0/1") }, "error"},
		{"both families", func(w *world) { w.allow("0.0.0.0/0", "::/0") }, "error error"},
		{"one half", func(w *world) { w.allow("128.0.0.0/1") }, ""},
		{"everything denied", func(w *world) { w.deny("0.0.0.0/0") }, ""},
	},
	"PAK203": {
		{at + "/16", func(w *world) { w.allow("52.4.0.0/16") }, ""},
		{"/15", func(w *world) { w.allow("52.4.0.0/15") }, "warning"},
		{at + "IPv6 /32", func(w *world) { w.allow("2a00:1450::/32") }, ""},
		{"IPv6 /31", func(w *world) { w.allow("2a00:1450::/31") }, "warning"},
		{"private", func(w *world) { w.allow("10.0.0.0/8", "fc00::/7") }, ""},
		{"wider than private", func(w *world) { w.allow("10.0.0.0/7") }, "warning"},
		{"mapped", func(w *world) { w.allow("::ffff:52.4.0.0/111") }, "warning"},
		{"two", func(w *world) { w.allow("52.0.0.0/8", "53.0.0.0/8") }, "warning warning"},
	},
	"PAK205": {
		{"inside a deny", func(w *world) { w.deny("10.4.0.0/16") }, "error"},
		{at + "the same prefix", func(w *world) { w.deny("10.4.7.0/26") }, "error"},
		{"carved out", func(w *world) { w.deny("10.4.7.0/27") }, ""},
	},
	"PAK206": {
		{"all denied", func(w *world) { w.deny("10.0.0.0/8") }, "error"},
		{"all denied, no list", func(w *world) { w.allow(); w.deny("0.0.0.0/0") }, "error"},
		{at + "one address left", func(w *world) { w.allow("10.4.7.8/31"); w.deny("10.4.7.8/32") }, ""},
	},
	"PAK212": {
		{"for examples", func(w *world) { w.allow("192.0.2.0/24") }, "warning"},
		{"loopback", func(w *world) { w.allow("127.0.0.1/32", "::1/128") }, "warning warning"},
		{"private", func(*world) {}, ""},
		{"denied", func(w *world) { w.deny("192.0.2.0/24") }, ""},
	},
	"PAK216": {
		{"deny alone", func(w *world) { w.allow(); w.deny("52.4.7.0/24") }, "info"},
		{"both", func(w *world) { w.deny("10.4.7.3/32") }, ""},
		{"neither", func(w *world) { w.allow() }, ""},
	},
}

var listTrials = map[string][]trial{
	"PAK207": {
		{"inside another", func(w *world) { w.allow("10.0.0.0/8", "10.4.7.0/26") }, "info"},
		{"three times", func(w *world) { w.allow("10.4.7.0/26", "10.4.7.0/26", "10.4.7.0/26") }, "info info"},
		{"beside another", func(w *world) { w.allow("10.4.7.0/26", "10.4.7.64/26") }, ""},
	},
	"PAK208": {
		{"halves", func(w *world) { w.allow("10.4.7.0/26", "10.4.7.64/26") }, "info"},
		{"neighbours that are no halves", func(w *world) { w.allow("10.4.7.64/26", "10.4.7.128/26") }, ""},
	},
	"PAK209": {
		{"host bits", func(w *world) { w.allow("10.4.7.9/26") }, "info"},
		{"masked", func(*world) {}, ""},
	},
	"PAK211": {
		{"mapped", func(w *world) { w.allow("::ffff:10.4.7.0/122") }, "warning"},
		{"NAT64", func(w *world) { w.allow("64:ff9b::a04:700/122") }, "warning"},
		{"IPv4", func(*world) {}, ""},
	},
	"PAK217": {
		{at + "100", func(w *world) { w.key().Rules.Allow = apart(100) }, ""},
		{"101", func(w *world) { w.key().Rules.Allow = apart(101) }, "info"},
		{"both lists", func(w *world) { w.key().Rules.Allow = apart(101); w.key().Rules.Deny = apart(102) }, "info info"},
		{"a lower threshold", func(w *world) { w.Config.MostEntries = 2; w.key().Rules.Allow = apart(3) }, "info"},
	},
}

// apart returns n entries that cannot be merged.
func apart(n int) (out []iprule.Entry) {
	for i := range n {
		out = append(out, entries(fmt.Sprintf("10.%d.%d.0/30", i/100, i%100))...)
	}
	return out
}

package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/tui/text"
)

// Values that are wrong, by what is asked for. The empty text is among them
// where it is wrong.
var (
	hurtful = []string{
		strings.Repeat("x", 3000), "a\x1b[31mred\x1b[0m", "a\ab", "a\x00b", "a\r\nb", "a\x7fb",
		"a\u009bb", "a\u202eb", "a\u200bb", "a\u2028b", "a\xff\xfeb",
	}
	words     = append(slices.Clone(hurtful), "", "支払い", "nobody")
	badName   = append(slices.Clone(hurtful), "", " ", "a ")
	badUser   = append(slices.Clone(badName), "支払い", "a/b", "a b", "-a", strings.Repeat("u", 65))
	badText   = append(slices.Clone(hurtful), " a")
	badReason = append(slices.Clone(badText), "")
	badDate   = append(slices.Clone(words), "2026-13-01", "2026-02-30", "31.12.2026", "02/03/2027", "-5d", "90", "99999999y",
		"2020-01-01", "yesterday", "2027-01-01 25:00", "2027-01-01 Mars/Base")
	badAddress = append(slices.Clone(words), "10.0.0.0/33", "300.0.0.1", "192.0.2.1:80", "fe80::1%eth0", "0.0.0.0/0", "::/0",
		"10.0.0.9-10.0.0.1", "1.2.3", "2001:db8::/129", "10.0.0.0/255.0.0.0", "@nowhere.txt", "192.0.2.1 # "+strings.Repeat("n", 100),
		"192.0.2.1 # a\x1bb")
	badScope   = append(slices.Clone(words), "Deploy:write", "deploy", "a:b:c", ":", "a:", "@nowhere.txt", "billing:read")
	badNumber  = append(slices.Clone(words), "-1", "1.5", "99999999999999999999")
	badSpan    = append(slices.Clone(words), "5", "-1s")
	badLength  = append(slices.Clone(words), "5", "-1h", "1 month", "0h", "2027-02-21")
	badAge     = append(slices.Clone(words), "2026-13-01", "-5d", "1 day")
	badRecord  = append(slices.Clone(words), "-1", "1.5", "99999", "first")
	badFile    = append(slices.Clone(hurtful), "", "nowhere/nothing")
	badNewFile = append(slices.Clone(hurtful[:1]), "", "nowhere/nothing", ".")
	badIP      = append(slices.Clone(hurtful), "支払い", "300.0.0.1", "10.0.0.0/8", "192.0.2.1:80")
)

// badInput says, for one command, what it is given when everything is right
// and what is wrong for its argument and for each flag.
type badInput struct {
	line []string            // with everything that is needed
	arg  []string            // wrong in place of the last argument
	flag map[string][]string // wrong for a flag
}

// accepted is the flag value for what has no wrong ones: every text is right.
var accepted []string

var badInputs = map[string]badInput{
	"init":      {line: []string{"--store", "new.db"}, flag: map[string][]string{"prefix": append(less(words, "nobody"), "PAK", "p", "waytoolongprefix")}},
	"user add":  {line: []string{"new"}, arg: badUser, flag: map[string][]string{"kind": words, "contact": badText, "recipient": less(words, ""), "permission": less(badScope, "billing:read")}},
	"user list": {},
	"user show": {line: []string{"bot"}, arg: words},
	"backup":    {line: []string{"b.tar"}, arg: badNewFile, flag: map[string][]string{"to": words, "passphrase-file": badFile}},
	"restore": {line: []string{"b.tar"}, arg: badFile, flag: map[string][]string{
		"identity": accepted, "passphrase-file": accepted, "keyring": badFile,
	}},
	"user disable": {line: []string{"bot"}, arg: words},
	"user enable":  {line: []string{"bot"}, arg: words},
	"user edit": {line: []string{"bot"}, arg: words, flag: map[string][]string{
		"name": badUser, "kind": words, "contact": badText, "recipient": less(words, ""), "permission": less(badScope, "billing:read"),
		"add-permission": less(badScope, "billing:read"), "remove-permission": badScope, "version": badNumber,
	}},
	"key create": {line: []string{"--user", "bot", "--name", "new", "--expires", "30d"}, flag: map[string][]string{
		"like": words, "user": words, "name": badName, "description": badText, "expires": badDate, "not-before": append(slices.Clone(badDate), "never"),
		"scope": badScope, "allow": badAddress, "deny": badAddress, "pak": badNewFile, "to": words, "passphrase-file": badFile,
		"rotate-every": badLength, "warn-before": badLength, "wait": badSpan, "format": words,
	}},
	"key draft save": {line: []string{"--user", "bot"}, flag: map[string][]string{
		"user": accepted, "name": badName, "description": badText, "expires": badDate, "not-before": append(slices.Clone(badDate), "never"),
		"scope": less(badScope, "billing:read"), "allow": badAddress, "deny": badAddress, "rotate-every": badLength, "warn-before": badLength,
	}},
	"key draft show": {},
	"key draft drop": {},
	"key list": {flag: map[string][]string{
		"user": words, "state": less(words, ""), "sort": words, "filter": {"state:" + hurtful[1], "x:支払い", "name:", "ip:300.0.0.1", hurtful[0] + hurtful[0]},
	}},
	"key show":     {line: []string{"bot/ci"}, arg: words},
	"key disable":  {line: []string{"bot/ci"}, arg: words},
	"key enable":   {line: []string{"bot/ci"}, arg: words},
	"key revoke":   {line: []string{"--reason", "done", "bot/ci"}, arg: words, flag: map[string][]string{"reason": badReason}},
	"key unrevoke": {line: []string{"bot/ci"}, arg: words},
	"key rotate": {line: []string{"bot/ci"}, arg: words, flag: map[string][]string{
		"format": words, "wait": badSpan,
		"grace": badLength, "until": badDate, "after-first-use": badLength, "pak": badNewFile, "to": words, "passphrase-file": badFile, "version": badNumber,
	}},
	"key retire": {line: []string{"bot/ci"}, arg: words},
	"key edit": {line: []string{"bot/ci"}, arg: words, flag: map[string][]string{
		"name": badName, "description": badText, "expires": badDate, "not-before": append(slices.Clone(badDate), "never"),
		"scope": badScope, "add-scope": badScope, "remove-scope": badScope, "allow": badAddress, "add-allow": badAddress,
		"remove-allow": badAddress, "deny": badAddress, "add-deny": badAddress, "remove-deny": badAddress, "version": badNumber, "rotate-every": badLength, "warn-before": badLength,
	}},
	"key explain": {line: []string{"-"}, arg: words, flag: map[string][]string{"ip": badIP, "scope": less(badScope, "billing:read")}},
	"pak show":    {line: []string{"ci.pak"}, arg: badFile, flag: map[string][]string{"identity": accepted, "passphrase-file": accepted}},
	"pak open":    {line: []string{"ci.pak"}, arg: badFile, flag: map[string][]string{"format": words, "identity": accepted, "passphrase-file": accepted, "output": badNewFile}},
	"pak check":   {line: []string{"ci.pak"}, arg: badFile, flag: map[string][]string{"identity": accepted, "passphrase-file": accepted}},
	"exec": {line: []string{"--pak", "ci.pak", "--", "no-such-program"}, arg: words, flag: map[string][]string{
		"pak": badFile, "env": append(less(words[1:], "nobody"), "A=B", "1A"), "identity": accepted, "passphrase-file": accepted,
	}},
	"serve": {flag: map[string][]string{
		"listen": words, "tls-cert": {""}, "tls-key": {""}, "trusted-proxy": append(slices.Clone(words), "0.0.0.0/0", "300.0.0.1"),
		"max-stale": badSpan, "failures-per-minute": less(badNumber, "-1"), "realm": accepted, "log-format": words,
		"syslog": append(slices.Clone(words), "udp:", "file:/x", "unix:/nowhere/at/all"), "witness": {""}, "witness-key": {""},
	}},
	"witness init":   {line: []string{"--state", "witness.json", "w1"}, arg: append(slices.Clone(hurtful), "", "支払い", "a b")},
	"witness trust":  {line: []string{"--state", "nowhere.json", "KEY"}, arg: []string{"@nowhere.txt"}},
	"witness forget": {line: []string{"--state", "nowhere.json", "pakdeck/7f3a9c"}},
	"witness list":   {},
	"witness key":    {},
	"witness add":    {line: []string{"request"}, arg: badFile},
	"witness serve":  {flag: map[string][]string{"listen": words, "tls-cert": {""}, "tls-key": {""}, "log-format": words}},
	"audit cosign": {line: []string{"--witness", "https://witness.example", "--witness-key", "KEY"}, flag: map[string][]string{
		"witness": {""}, "witness-key": {"", "@nowhere.txt"}, "request": {""}, "answer": {""},
	}},
	"audit list":   {flag: badTrail("limit", badNumber)},
	"audit tail":   {flag: badTrail("lines", badNumber)},
	"bulk disable": {line: []string{"bot/ci"}, arg: words, flag: bulkInput(nil)},
	"bulk enable":  {line: []string{"bot/ci"}, arg: words, flag: bulkInput(nil)},
	"bulk revoke":  {line: []string{"--reason", "done", "bot/ci"}, arg: words, flag: bulkInput(map[string][]string{"reason": badReason})},
	"bulk edit": {line: []string{"--description", "x", "bot/ci"}, arg: words, flag: bulkInput(map[string][]string{
		"extend": badLength, "expires": badDate, "description": badText, "rotate-every": badLength, "warn-before": badLength,
		"scope": less(badScope, "billing:read"), "add-scope": less(badScope, "billing:read"), "remove-scope": less(badScope, "billing:read"),
		"allow": badAddress, "add-allow": less(less(badAddress, "0.0.0.0/0"), "::/0"), "remove-allow": less(less(badAddress, "0.0.0.0/0"), "::/0"),
		"deny": badAddress, "add-deny": less(less(badAddress, "0.0.0.0/0"), "::/0"), "remove-deny": less(less(badAddress, "0.0.0.0/0"), "::/0"),
	})},
	"bulk export": {line: []string{"bot/ci"}, arg: words, flag: map[string][]string{
		"filter": badFilter, "user": words, "format": words, "output": badNewFile,
	}},
	"due": {flag: map[string][]string{"within": badLength, "ics": badNewFile, "filter": badFilter}},
	"rotate-session start": {line: []string{"--dir", ".", "bot/ci"}, arg: words, flag: map[string][]string{
		"grace": badLength, "until": badDate, "after-first-use": badLength, "dir": badFile, "to": words, "filter": badFilter,
		"user": words, "wait": badLength, "passphrase-file": {""}, "exec": {" "},
	}},
	"rotate-session resume": {line: []string{"r1234567"}, arg: words, flag: map[string][]string{"wait": accepted, "skip": accepted, "passphrase-file": accepted}},
	"rotate-session list":   {},
	"rotate-session show":   {line: []string{"r1234567"}, arg: words},
	"panic": {line: []string{"--revoke", "bot/ci"}, arg: words, flag: map[string][]string{
		"from": badFile, "filter": badFilter, "user": words, "reason": badReason, "dir": {""}, "to": {""}, "passphrase-file": {""}, "exec": {" "}, "count": badNumber,
	}},
	"lint": {flag: map[string][]string{
		"format": words, "fail-on": words, "rule": words, "key": words, "explain": words,
	}},
	"usage": {flag: map[string][]string{
		"user": words, "since": append(slices.Clone(badAge), "2099-01-01"), "by": words, "callers": badNumber,
	}},
	"lint waive": {line: []string{"--reason", "why", "--until", "30d", "PAK101", "bot/ci"}, arg: words, flag: map[string][]string{
		"reason": badReason, "until": append(slices.Clone(badDate), "never"),
	}},
	"review start":      {},
	"review next":       {},
	"review status":     {},
	"review end":        {flag: map[string][]string{"output": less(badNewFile, "")}},
	"review decide":     {line: []string{"bot/ci", "keep"}, arg: words, flag: map[string][]string{"comment": badReason}},
	"review report":     {flag: map[string][]string{"number": badNumber, "output": less(badNewFile, "")}},
	"review check":      {line: []string{"report.md"}, arg: badFile},
	"lint unwaive":      {line: []string{"PAK101", "bot/ci"}, arg: words},
	"lint waivers":      {},
	"lint trend":        {},
	"lint scores":       {},
	"audit show":        {line: []string{"0"}, arg: badRecord},
	"audit diff":        {line: []string{"0"}, arg: badRecord},
	"audit at":          {line: []string{"2026-11-23"}, arg: append(slices.Clone(badAge), "2026-11-24"), flag: map[string][]string{"scope": less(badScope, "billing:read"), "ip": badIP}},
	"audit find":        {line: []string{"--token", "-"}, flag: map[string][]string{"token": {"", "@token.txt"}, "limit": badNumber}},
	"audit export":      {flag: with(badTrail("format", words), "output", badNewFile)},
	"audit prove":       {line: []string{"0"}, arg: badRecord, flag: map[string][]string{"continues": badFile}},
	"audit check-proof": {line: []string{"ci.pak"}, arg: badFile, flag: map[string][]string{"key": words, "checkpoint": accepted}},
	"audit verify":      {flag: map[string][]string{"checkpoint": badFile, "export": accepted, "key": accepted}},
	"audit checkpoint":  {},
	"actions":           {},
	"doctor":            {},
	"demo":              {flag: map[string][]string{"theme": words}},
	"version":           {},
	"man":               {line: []string{"pages"}, arg: accepted},
}

// with adds one more flag.
func with(flags map[string][]string, flag string, values []string) map[string][]string {
	flags[flag] = values
	return flags
}

// badTrail is what is wrong for the flags that select journal records, and for one
// more.
func badTrail(flag string, values []string) map[string][]string {
	return map[string][]string{
		"since": badAge, "until": badAge, "key": words, "user": words, "operator": {""}, "ip": less(badIP, "10.0.0.0/8"),
		"event": words, "outcome": words, "filter": {"who:" + hurtful[1], "event:", "ip:300.0.0.1"}, flag: values,
	}
}

var badFilter = []string{"state:" + hurtful[1], "x:支払い", "name:", "ip:300.0.0.1"}

// bulkInput adds the flags that every bulk has.
func bulkInput(own map[string][]string) map[string][]string {
	all := map[string][]string{"filter": badFilter, "user": words, "count": badNumber}
	maps.Copy(all, own)
	return all
}

func less(list []string, gone string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == gone })
}

// leaves returns the commands of the tree by their names without "pakdeck".
func leaves(root *cobra.Command) map[string]*cobra.Command {
	out := map[string]*cobra.Command{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if !c.HasSubCommands() {
			out[strings.TrimPrefix(c.CommandPath(), "pakdeck ")] = c
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return out
}

func TestEveryCommandAndFlagIsTriedWithBadInput(t *testing.T) {
	tree := leaves(newBench(t).app(nil, nil, nil).rootCommand(nil))
	if missing := slices.DeleteFunc(slices.Sorted(maps.Keys(tree)), func(name string) bool {
		_, ok := badInputs[name]
		return ok
	}); len(missing) > 0 {
		t.Errorf("commands without bad input: %v", missing)
	}
	for name, c := range tree {
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if _, ok := badInputs[name].flag[f.Name]; !ok && f.Value.Type() != "bool" && f.Name != "help" {
				t.Errorf("%s: no bad input for --%s", name, f.Name)
			}
		})
	}
}

func TestBadInputIsRefusedAndChangesNothing(t *testing.T) {
	b := newBench(t).filled()
	t.Chdir(filepath.Dir(b.store))
	b.must("key", "create", "--user", "bot", "--name", "saved", "--expires", "30d", "--pak", "ci.pak")
	before := b.head()
	for name, in := range badInputs {
		command := strings.Fields(name)
		for _, value := range sampled(in.arg) {
			b.refused(value, slices.Concat(command, in.line[:len(in.line)-1], argument(name, value)))
		}
		for flag, values := range in.flag {
			for _, value := range sampled(values) {
				line := slices.Concat(command, []string{"--" + flag + "=" + value}, extra(name, flag), lineWithout(in.line, flag))
				b.refused(value, line)
			}
		}
		b.refused("surplus", slices.Concat(command, []string{"--surplus"}))
	}
	if b.head() != before {
		t.Error("bad input changed the store")
	}
	if left, _ := filepath.Glob("new.db*"); len(left) > 0 {
		t.Errorf("bad input made a store: %v", left)
	}
}

// sampled is all of the values, or every fourth in the short run.
func sampled(values []string) (some []string) {
	if !testing.Short() {
		return values
	}
	for i := 0; i < len(values); i += 4 {
		some = append(some, values[i])
	}
	return some
}

// argument puts a value where a flag cannot be meant, except behind the "--"
// of exec.
func argument(name, value string) []string {
	if name == "exec" {
		return []string{value}
	}
	return []string{"--", value}
}

// extra are flags without which a flag of a command makes no sense.
func extra(command, flag string) []string {
	if strings.HasPrefix(command, "key ") && (flag == "to" || flag == "passphrase-file") {
		return []string{"--pak=new.pak"}
	}
	return nil
}

// lineWithout leaves a flag with its value out of a line, so that the wrong
// value is the only one.
func lineWithout(line []string, flag string) []string {
	i := slices.Index(line, "--"+flag)
	if i < 0 {
		return line
	}
	return slices.Concat(line[:i], line[i+2:])
}

// refused runs a command that must fail, for a reason that is told with the
// value in it, and in a form that does nothing to a terminal.
func (b *bench) refused(value string, args []string) {
	b.t.Helper()
	r := b.run(args...)
	shown := slices.Clone(args)
	for i, s := range shown {
		shown[i] = s[:min(len(s), 70)]
	}
	if r.code != exitUsage && r.code != exitFailed {
		b.t.Errorf("%q: exit code %d, want %d or %d", shown, r.code, exitUsage, exitFailed)
	}
	if r.out != "" {
		b.t.Errorf("%q: wrote %q", shown, r.out)
	}
	for line := range strings.Lines(r.err) {
		if line = strings.TrimSuffix(line, "\n"); text.Safe(line) != line || len(line) > 1200 {
			b.t.Errorf("%q: %q is no harmless line", shown, line)
		}
	}
	if unquoted := strings.TrimSpace(value) == "" || mayBeSecret(args); !unquoted && !quotes(r.err, value) {
		b.t.Errorf("%q: %q does not quote the value", shown, r.err)
	}
}

// mayBeSecret reports whether a wrong value is likely a secret in the wrong
// place, which is not shown.
func mayBeSecret(args []string) bool {
	return slices.Contains(args, "explain") && slices.Contains(args, "--") ||
		slices.ContainsFunc(args, func(s string) bool { return strings.HasPrefix(s, "--to=") || strings.HasPrefix(s, "--recipient=") })
}

// quotes reports whether a message shows a value so that its author knows it
// again: as it is, with escapes, or the items of a list one by one.
func quotes(message, value string) bool {
	if len(value) > 1000 {
		return strings.Contains(message, value[:20]) || strings.Contains(message, "000 ") || strings.Contains(message, "too long")
	}
	value = strings.TrimSpace(strings.TrimPrefix(value, "@"))
	value, _, _ = strings.Cut(value, " # ") // an entry is named without its note
	items := strings.FieldsFunc(value, func(r rune) bool { return r == '\r' || r == '\n' || r == '\u2028' })
	return slices.ContainsFunc([]string{value[:min(len(value), 60)], value, text.Safe(value), strings.Trim(text.Quote(value), `"`), items[0]}, func(form string) bool {
		return strings.Contains(message, form)
	}) || strings.Contains(message, "not shown")
}

func TestBadInputInJSONIsEscaped(t *testing.T) {
	b := newBench(t).filled()
	for _, value := range hurtful {
		r := b.run("key", "show", "--json", "--", value)
		if r.code != exitUsage {
			t.Errorf("%q: exit code %d", value[:3], r.code)
		}
		if line := strings.TrimSuffix(r.err, "\n"); text.Safe(line) != line {
			t.Errorf("%q is no harmless line", line)
		}
	}
}

package review

import (
	"fmt"
	"strings"
)

// mostLeft bounds the keys that are named under a heading; the JSON has all.
const mostLeft = 100

// escaper keeps names and comments from being taken for Markdown.
var escaper = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "|", `\|`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "#", `\#`,
)

// markdown writes the report for people. What is kept is only counted.
func (r Report) markdown(sum string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Review %d of the keys of %s\n", r.Review, r.Store)
	end := "still open"
	if r.Ended != nil {
		end = "ended " + *r.Ended
	}
	line("- begun %s by %s, %s", r.Began, escaper.Replace(r.By), end)
	line("- reported %s over checkpoint %d %s", r.Time, r.Checkpoint.Size, r.Checkpoint.Root)
	line("- decided about %d of %d keys%s", r.Coverage.Decided, r.Coverage.Keys, r.counted())
	line("- decided by the owner or the creator of the key: %d", r.Self)
	line("- SHA-256 of the report as JSON: %s", sum)
	if d := r.Since; d != nil {
		line("\n## Since review %d\n", d.Review)
		line("- %d new keys%s", len(d.New), named(d.New))
		line("- %d keys revoked%s", len(d.Gone), named(d.Gone))
		line("- %d keys with another verdict", d.Changed)
	}
	r.decisions(line)
	var own []string
	for _, d := range r.Decisions {
		if d.Self != NoStake {
			own = append(own, d.Ref+": "+string(d.Verdict)+", "+d.Self.Words(d.By))
		}
	}
	bullets(line, "No second person looked at", own)
	bullets(line, "Not decided", r.Left)
	return b.String()
}

// bullets lists things under a heading, if there are any.
func bullets(line func(string, ...any), title string, list []string) {
	if len(list) == 0 {
		return
	}
	line("\n## %s\n", title)
	for _, x := range list[:min(mostLeft, len(list))] {
		line("- %s", escaper.Replace(x))
	}
	if more := len(list) - mostLeft; more > 0 {
		line("- and %d more", more)
	}
}

func (r Report) counted() string {
	var parts []string
	for _, v := range Verdicts {
		if n := r.Verdicts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", v, n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

func (r Report) decisions(line func(string, ...any)) {
	if r.Coverage.Decided == r.Verdicts[Keep] {
		return
	}
	line("\n## To do\n")
	line("| key | verdict | comment | by | on |")
	line("| --- | --- | --- | --- | --- |")
	for _, d := range r.Decisions {
		if d.Verdict == Keep {
			continue
		}
		on := d.At
		if d.Changed {
			on += " (key changed since)"
		}
		line("| %s | %s | %s | %s | %s |", escaper.Replace(d.Ref), d.Verdict, escaper.Replace(d.Comment), escaper.Replace(d.By), on)
	}
}

// named names a few things.
func named(list []string) string {
	const most = 10
	if len(list) == 0 {
		return ""
	}
	out := ": " + escaper.Replace(strings.Join(list[:min(most, len(list))], ", "))
	if more := len(list) - most; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

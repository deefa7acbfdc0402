package keys

import (
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/tui/board"
)

// mostCandidates bounds what is offered to complete a filter.
const mostCandidates = 20

// complete returns the function that completes the last term of a filter:
// the names of fields, then the values of those whose values are known.
func complete(b *board.Board) func(string) []string {
	return func(expr string) []string {
		i := strings.LastIndexByte(expr, ' ') + 1
		done, term := expr[:i], expr[i:]
		if term == "" || strings.Contains(expr, `"`) {
			return nil
		}
		not := ""
		if rest, ok := strings.CutPrefix(term, "!"); ok {
			not, term = "!", rest
		}
		var out []string
		for _, c := range candidates(b, term) {
			if strings.HasPrefix(c, term) && c != term && len(out) < mostCandidates {
				out = append(out, done+not+c)
			}
		}
		return out
	}
}

func candidates(b *board.Board, term string) []string {
	name, values, ok := strings.Cut(term, ":")
	var out []string
	if !ok {
		for _, f := range filter.Fields() {
			out = append(out, f.Name+":")
		}
		return out
	}
	// Behind a comma the next alternative is completed.
	head := name + ":" + values[:strings.LastIndexByte(values, ',')+1]
	for _, value := range known(b, name) {
		out = append(out, head+value)
	}
	return out
}

// known returns the values of a field.
func known(b *board.Board, name string) []string {
	var out []string
	switch name {
	case "state":
		for _, s := range keystore.States {
			out = append(out, string(s))
		}
	case "user":
		for _, u := range b.Users {
			out = append(out, u.Name)
		}
	case "seen", "expires":
		out = []string{"never", "<7d", "<30d", ">30d", ">90d"}
	case "created":
		out = []string{"<7d", "<30d", ">1y"}
	case "allow":
		out = []string{"none"}
	}
	return out
}

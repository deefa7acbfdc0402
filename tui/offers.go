package tui

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// offer is something that the command line can do: an action, or going to a
// key or a user.
type offer struct {
	name, says, key, cli string
	disabled             string
	action               keymap.Action
	to                   screen.Go
}

func names(list []offer) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.name
	}
	return out
}

// commands are the actions that work on this screen, keys or not: the places,
// the screen's own, the rest.
func (m *Model) commands() []keymap.Action {
	scope := m.scope()
	list := slices.DeleteFunc(m.keymap().Actions(), func(a keymap.Action) bool {
		return !a.In(scope) || a.ID == "app.command"
	})
	rank := func(a keymap.Action) int {
		return slices.IndexFunc([]bool{strings.HasPrefix(a.ID, "tab."), len(a.Scopes) > 0, true}, func(is bool) bool { return is })
	}
	slices.SortStableFunc(list, func(a, b keymap.Action) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// offers returns what can be meant by what is typed, best first. Behind
// "keys/" and "users/" these are keys and users by their names.
func offers(b *board.Board, actions []keymap.Action, typed string) []offer {
	typed = strings.ToLower(typed)
	if rest, ok := strings.CutPrefix(typed, "keys/"); ok {
		return keyOffers(b, rest)
	}
	if rest, ok := strings.CutPrefix(typed, "users/"); ok {
		return userOffers(b, rest)
	}
	var ranks [5][]offer
	for _, a := range actions {
		if r := fit(a, typed); r < len(ranks) {
			ranks[r] = append(ranks[r], offer{name: a.Name(), says: a.Help, key: a.Label(), cli: a.CLI, disabled: a.Disabled, action: a})
		}
	}
	return slices.Concat(ranks[:]...)
}

// fit says how well an action fits what is typed: it is its name, or its title;
// its name begins with it, or contains it; its letters follow each other in
// the name or the help. 5 is not at all.
func fit(a keymap.Action, typed string) int {
	n, title := a.Name(), strings.ToLower(a.Title)
	return slices.IndexFunc([]bool{
		n == typed,
		title == typed,
		strings.HasPrefix(n, typed),
		strings.Contains(n, typed) || strings.HasPrefix(title, typed),
		letters(n, typed) || strings.Contains(strings.ToLower(a.Help), typed),
		true,
	}, func(is bool) bool { return is })
}

// letters reports whether the characters of typed are in s, in their order.
func letters(s, typed string) bool {
	for _, c := range s {
		if want, size := utf8.DecodeRuneInString(typed); c == want {
			typed = typed[size:]
		}
	}
	return typed == ""
}

// mostOffers bounds how many keys or users are offered: nobody reads more.
const mostOffers = 50

func keyOffers(b *board.Board, typed string) []offer {
	var out []offer
	has := b.Search.RefHas(typed)
	from, end := b.WithPrefix(typed)
	for i := 0; i < len(b.Keys) && len(out) < mostOffers; i++ {
		if (i < from || i >= end) && !has(i) {
			continue
		}
		v := &b.Keys[i]
		out = append(out, offer{
			name: screen.Keys + "/" + v.Ref(), says: string(v.StateAt(b.Now, b.Policy.WarnBefore)), cli: "pakdeck key show " + string(v.ID),
			to: screen.Go{Place: screen.Keys, Key: v.ID},
		})
	}
	return shortestFirst(out)
}

func userOffers(b *board.Board, typed string) []offer {
	var out []offer
	for _, u := range b.Users {
		if strings.Contains(strings.ToLower(u.Name), typed) && len(out) < mostOffers {
			out = append(out, offer{
				name: screen.Users + "/" + u.Name, says: string(u.Kind), cli: "pakdeck user show " + u.Name,
				to: screen.Go{Place: screen.Users, User: u.ID},
			})
		}
	}
	return shortestFirst(out)
}

// shortestFirst puts what is typed in full before what merely contains it.
func shortestFirst(list []offer) []offer {
	slices.SortStableFunc(list, func(a, b offer) int { return cmp.Compare(len(a.name), len(b.name)) })
	return list
}

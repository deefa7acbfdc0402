package lint

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
)

func adminKey(s *scene, x *subject) []hit {
	if !x.usable || !x.Owner.Admin || s.Config.AllowAdminKeys {
		return nil
	}
	return one(hit{
		text:     "owned by the admin " + x.Owner.Name,
		evidence: []string{fact("owner", "%s, %s, admin", x.Owner.Name, x.Owner.Kind), x.scopeFact()},
		fix:      advice("make a service user with the permissions that are needed, and give it a key instead"),
	})
}

func orphaned(s *scene, x *subject) []hit {
	alone := x.Key.StateAt(s.Now, keystore.User{}, 0)
	gone := x.Owner.ID == ""
	if !alone.Works() && alone != keystore.StatePending || !gone && !x.Owner.Disabled {
		return nil
	}
	h := hit{text: "its owner is disabled", fix: x.disable("disable the key as well").safely(), evidence: []string{x.lastUse()}}
	if gone {
		h.text = "its owner is gone"
	}
	return one(h)
}

func manyKeys(s *scene, h *holder) []hit {
	usable := h.usable
	if len(usable) <= s.Config.MostKeys {
		return nil
	}
	found := hit{
		text: fmt.Sprintf("has %d usable keys; at most %d", len(usable), s.Config.MostKeys),
		fix:  advice("revoke what is not used, and give each program a user of its own"),
	}
	const shown = 10
	for _, x := range usable[:min(len(usable), shown)] {
		found.evidence = append(found.evidence, fact("key", "%s", x.object.Name))
	}
	if more := len(usable) - shown; more > 0 {
		found.evidence = append(found.evidence, fact("", "and %d more", more))
	}
	return one(found)
}

func busyPerson(s *scene, x *subject) []hit {
	if !x.usable || x.Owner.Kind != keystore.Person || x.seen == nil {
		return nil
	}
	daily := x.seen.OK() / uint64(window/day)
	if daily <= s.Config.BusyPerDay {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("owned by a person, but used %d times a day", daily),
		evidence: []string{fact("uses", "%d in %s", x.seen.OK(), days(window)), fact("owner", "%s, %s", x.Owner.Name, x.Owner.Kind), x.lastUse()},
		fix:      advice("make a service user for the program, and give it a key of its own"),
	})
}

func (x *subject) scopeFact() string {
	if len(x.Scopes) == 0 {
		return fact("scopes", "none: all that the owner may do")
	}
	words := make([]string, len(x.Scopes))
	for i, s := range x.Scopes {
		words[i] = string(s)
	}
	return fact("scopes", "%s", strings.Join(words, " "))
}

func noContact(_ *scene, h *holder) []hit {
	if h.Contact != "" || len(h.usable) == 0 {
		return nil
	}
	return one(hit{
		text: "nobody to ask about its keys", evidence: []string{fact("keys", "%d usable", len(h.usable))},
		fix: advice("name a team or a person, with pakdeck user edit NAME --contact TEXT"),
	})
}

package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// emptyNames say nothing about what a key is for.
var emptyNames = []string{"key", "test", "api", "new", "temp", "asdf", "default"}

var (
	// idOnly matches a UUID, or at least six hex digits, and nothing else.
	idOnly = regexp.MustCompile(`^(?i:[0-9a-f]{6,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$`)
	// usualName is the convention where the policy has none.
	usualName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	notInSlug = regexp.MustCompile(`[^a-z0-9]+`)
)

func unclearName(s *scene, x *subject) []hit {
	if !x.usable {
		return nil
	}
	name, why := strings.ToLower(x.Name), ""
	switch {
	case utf8.RuneCountInString(name) < s.Config.ShortestName:
		why = fmt.Sprintf("has fewer than %d characters", s.Config.ShortestName)
	case slices.Contains(emptyNames, name):
		why = "says nothing about its use"
	case name == strings.ToLower(x.Owner.Name):
		why = "only repeats the owner's"
	case strings.Trim(name, "0123456789abcdef-") == "" && idOnly.MatchString(name):
		why = "is only a number"
	default:
		return nil
	}
	return one(hit{
		text: "its name " + why, evidence: []string{fact("name", "%q", redact(x.prefix, x.Name))},
		fix: advice("name it after the program that uses it, with --name"),
	})
}

func oddName(s *scene, x *subject) []hit {
	pattern := s.Policy.NamePattern
	if pattern == nil {
		pattern = usualName
	}
	if !x.usable || pattern == usualName && usual(x.Name) || pattern.MatchString(x.Name) {
		return nil
	}
	name := redact(x.prefix, x.Name)
	h := hit{
		text: "its name breaks the convention", fix: advice("rename it"),
		evidence: []string{fact("name", "%q", name), fact("pattern", "%s", pattern)},
	}
	if slug := slugOf(name); name == x.Name && pattern.MatchString(slug) && keystore.CheckKeyName(slug) == nil {
		h.fix = &Proposal{
			Text: "rename it to " + slug, Command: "pakdeck key edit " + x.ref + " --name " + slug,
			Change: x.edit(keystore.KeyEdit{Name: &slug}),
		}
	}
	return one(h)
}

// usual reports what usualName does, much sooner.
func usual(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		name[0] != '-' && name[len(name)-1] != '-' && !strings.Contains(name, "--")
}

// slugOf returns a name in lower case with hyphens for all that is neither
// letter nor digit.
func slugOf(name string) string {
	return strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

func noDescription(_ *scene, x *subject) []hit {
	if !x.usable || x.Description != "" {
		return nil
	}
	return one(hit{
		severity: x.byAdmin(Warning), text: "nothing says what it is for", evidence: []string{x.lastUse()},
		fix: advice("say what uses it and what stops without it, with --description"),
	})
}

func duplicate(_ *scene, x *subject) []hit {
	if x.twin == nil {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("same scopes and %s as %s", x.likeness, x.twin.object.Name),
		evidence: []string{fact("this", "%s", x.twinFact()), fact("other", "%s", x.twin.twinFact())},
		fix:      advice("find out which of the two is in use, and revoke the other"),
		mark:     string(x.twin.ID),
	})
}

func (x *subject) twinFact() string {
	return fmt.Sprintf("%s, created %s, last used %s", x.object.Name, instant(x.Created), instant(x.Uses.Last.Time))
}

// redacted changes the description, nil for a key that cannot be changed.
func (x *subject) redacted(description string) *Change {
	if !x.Revoked.IsZero() || keystore.CheckDescription(description) != nil {
		return nil
	}
	return x.edit(keystore.KeyEdit{Description: &description})
}

func secretText(_ *scene, x *subject) (hits []hit) {
	name, description := redact(x.prefix, x.Name), redact(x.prefix, x.Description)
	if name != x.Name {
		hits = append(hits, hit{
			text: "its name holds what looks like a secret", evidence: []string{fact("name", "%q", name)}, mark: "name",
			fix: advice("replace that secret where it is used, then rename the key"),
		})
	}
	if description != x.Description {
		hits = append(hits, hit{
			text: "its description holds what looks like a secret", mark: "description",
			evidence: []string{fact("description", "%.200q", description)},
			fix: (&Proposal{
				Text:    "remove it from the description, and replace that secret where it is used",
				Command: "pakdeck key edit " + x.ref + " --description " + quote.Shell(description),
				Change:  x.redacted(description),
			}).safely(),
		})
	}
	return hits
}

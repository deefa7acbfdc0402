package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pakdeck/pakdeck/keystore"
)

// notice is how long the user of a key is given to prepare for its end.
const notice = 14 * day

// usualLife is the lifetime that is proposed.
const usualLife = 90 * day

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (x *subject) born() string { return fact("created", "%s", instant(x.Created)) }
func (x *subject) ends() string { return fact("expires", "%s", instant(x.Expires)) }

// idle returns how long ago the key was last used; false if it never was.
func (x *subject) idle(now time.Time) (time.Duration, bool) {
	last := x.Uses.Last.Time
	return now.Sub(last), !last.IsZero()
}

func neverExpires(s *scene, x *subject) []hit {
	if !x.usable || !x.Expires.IsZero() {
		return nil
	}
	end := latest(x.Created.Add(usualLife), s.Now.Add(notice))
	return one(hit{
		severity: x.byAdmin(Error), text: "never expires", evidence: []string{x.born(), x.ends(), x.lastUse()},
		fix: x.expireAt(s, end, "let it expire at"),
	})
}

func longLife(s *scene, x *subject) []hit {
	life := x.Expires.Sub(x.Created)
	if !x.usable || x.Expires.IsZero() || life <= s.Config.MaxLifetime {
		return nil
	}
	h := hit{
		text:     "ends more than " + days(s.Config.MaxLifetime) + " after it was made",
		evidence: []string{x.born(), x.ends()},
		fix:      x.expireAt(s, latest(x.Created.Add(s.Config.MaxLifetime), s.Now.Add(notice)), "let it expire at"),
	}
	if life > s.Config.LongestLife {
		h.severity = Error
	}
	return one(h)
}

// soon returns how long a key that expires soon has left, and whether it is in
// use. A key that wants to be warned of earlier expires soon from then on.
func (x *subject) soon(s *scene) (left time.Duration, used, soon bool) {
	left = x.Expires.Sub(s.Now)
	idle, ever := x.idle(s.Now)
	return left, ever && idle <= s.Config.InUse, x.usable && !x.Expires.IsZero() && left <= max(s.Config.ExpiresSoon, x.WarnBefore)
}

func expiresSoon(s *scene, x *subject) []hit {
	left, used, soon := x.soon(s)
	if !soon || !used {
		return nil
	}
	h := hit{
		text: "in use and expires in " + days(left), evidence: []string{x.ends(), x.lastUse()},
		fix: advice("make a successor and hand it over before the end, or put the end off"),
	}
	if left <= s.Config.ExpiresNow {
		h.severity = Error
	}
	return one(h)
}

func lapses(s *scene, x *subject) []hit {
	left, _, soon := x.soon(s)
	idle := s.Now.Sub(latest(latest(x.Created, x.NotBefore), x.Uses.Last.Time))
	if !soon || idle <= s.Config.InUse {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("expires in %s, and was not used for %s", days(left), days(s.Config.InUse)),
		evidence: []string{x.ends(), x.lastUse()}, fix: advice("let it lapse"),
	})
}

func expiredKept(s *scene, x *subject) []hit {
	since := s.Now.Sub(x.Expires)
	if x.Expires.IsZero() || !x.Revoked.IsZero() || since <= s.Config.ExpiredKept {
		return nil
	}
	return one(hit{
		text: "expired " + days(since) + " ago, but was not revoked", evidence: []string{x.ends()},
		fix: x.revoke("revoke it", "expired at "+instant(x.Expires)).safely(),
	})
}

func dormant(s *scene, x *subject) []hit {
	idle, ever := x.idle(s.Now)
	if !x.usable || !ever || idle <= s.Config.Dormant {
		return nil
	}
	return one(hit{
		text: "unused for " + days(idle), evidence: []string{x.lastUse(), x.ends()},
		fix: x.disable("disable it; revoke it if nobody misses it"),
	})
}

func neverUsed(s *scene, x *subject) []hit {
	since := s.Now.Sub(latest(x.Created, x.NotBefore))
	if !x.usable || x.Uses.OK > 0 || !x.Uses.Last.Time.IsZero() || since <= s.Config.NeverUsed {
		return nil
	}
	return one(hit{
		text: "never used in " + days(since), evidence: []string{x.born(), x.lastUse()},
		fix: x.disable("disable it until somebody asks for it"),
	})
}

func removable(s *scene, x *subject) []hit {
	idle, ever := x.idle(s.Now)
	if !x.usable || !ever || idle < s.Config.Removable || x.Uses.OK >= s.Config.RemovableUses {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("idle for %s after %s ever", days(idle), plural(int(x.Uses.OK), "use", "uses")),
		evidence: []string{x.lastUse()},
		fix:      x.revoke("revoke it", "no longer used"),
	})
}

// temporaryWords mark a key that was not meant to stay.
var temporaryWords = []string{"tmp", "temp", "temporary", "test", "poc", "demo", "delete"}

// temporaryWord returns the first word of a text that marks a temporary key.
func temporaryWord(text string) string {
	text = strings.ToLower(text)
	if !slices.ContainsFunc(temporaryWords, func(word string) bool { return strings.Contains(text, word) }) {
		return "" // as most, which need not be taken apart
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if slices.Contains(temporaryWords, word) {
			return word
		}
	}
	return ""
}

func temporary(s *scene, x *subject) []hit {
	old := s.Now.Sub(x.Created)
	if !x.usable || old <= s.Config.Temporary {
		return nil
	}
	word := temporaryWord(x.Name)
	if word == "" {
		word = temporaryWord(x.Description)
	}
	if word == "" {
		return nil
	}
	h := hit{
		text:     fmt.Sprintf("is called %q, but is %s old", word, days(old)),
		evidence: []string{x.born(), x.ends(), x.lastUse()},
		fix:      advice("rename it, or let it expire"),
	}
	if x.Expires.IsZero() || x.Expires.After(s.Now.Add(notice)) {
		h.fix = x.expireAt(s, s.Now.Add(notice), "let it expire at")
	}
	return one(h)
}

func disabledKept(s *scene, x *subject) []hit {
	since := s.Now.Sub(x.DisabledAt)
	if x.StateAt(s.Now, 0) != keystore.StateDisabled || x.DisabledAt.IsZero() || since <= s.Config.DisabledKept {
		return nil
	}
	return one(hit{
		text: "disabled for " + days(since), evidence: []string{fact("disabled", "%s", instant(x.DisabledAt)), x.lastUse()},
		fix: x.revoke("revoke it", "disabled since "+instant(x.DisabledAt)),
	})
}

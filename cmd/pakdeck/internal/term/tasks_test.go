package term

import (
	"slices"
	"strings"
	"testing"
)

// keyJSON is what the tests ask of a key.
type keyJSON struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Allow []struct {
		Prefix string `json:"prefix"`
	} `json:"allow"`
	Scopes []string `json:"scopes"`
}

func (c cli) key(ref string) (k keyJSON) {
	c.t.Helper()
	c.json(&k, "key", "show", ref)
	return k
}

// prefixes are the allowed ones.
func (k keyJSON) prefixes() string {
	var out []string
	for _, e := range k.Allow {
		out = append(out, e.Prefix)
	}
	return strings.Join(out, " ")
}

// work is an operator at a screen who does the tasks of a day, one after the
// other, with nothing but the keyboard.
type work struct {
	t *testing.T
	c cli
	s screenOf
}

// becomes waits until the command line says the same as the screen.
func (w work) becomes(want string, get func() string) {
	w.t.Helper()
	poll(w.t, want, func() bool { return get() == want }, get)
}

// create issues a key and leaves the popup once it is stored.
func (w work) create() {
	secret := issueKey(w.t, w.s, "ci-deploy")
	w.stored()
	w.c.works(secret)
}

// stored says in the popup that the key is stored, which leaves it.
func (w work) stored() {
	w.s.press("Space")
	w.s.see("[x] I stored this key")
	w.s.press("Enter")
	w.s.see("NAME", "shown")
}

// find narrows the list, and widens it again.
func (w work) find() {
	for _, name := range []string{"nightly-import", "night-report"} {
		w.c.ok("key", "create", "--user", "build-bot", "--name", name, "--expires", "90d", "--scope", "deploy:read", "--pak", w.c.home+"/"+name+".pak")
	}
	w.s.see("nightly-import", "night-report", "3 of 3 shown")
	w.s.press("/")
	w.s.typed("~nimp")
	w.s.see("1 of 3 shown")
	w.s.press("Enter")
	w.s.see("filter: ~nimp")
	w.escape("filter: ~nimp")
	w.s.see("3 of 3 shown")
}

// escape presses esc and waits until a text is gone: what is pressed too soon
// after it would be taken for a key with alt.
func (w work) escape(text string) {
	w.s.press("Escape")
	poll(w.t, "the end of "+text, func() bool { return !strings.Contains(w.s.screen(), text) }, w.s.screen)
}

// answer presses a key until a question is gone that came by itself and takes
// no keys at first. Between two presses there is time for one to take effect.
func (w work) answer(key, question string) {
	looks := 0
	poll(w.t, "the end of "+question, func() bool {
		if !strings.Contains(w.s.screen(), question) {
			return true
		}
		if looks%50 == 0 {
			w.s.press(key)
		}
		looks++
		return false
	}, w.s.screen)
}

// visit puts the cursor on a key by the palette.
func (w work) visit(name string) {
	w.s.press(":")
	w.s.typed("keys/build-bot/" + name)
	w.s.see(": keys/build-bot/" + name)
	w.s.press("Enter")
	w.s.see(">  " + name)
}

// restrict permits one prefix.
func (w work) restrict() {
	w.visit("nightly-import")
	w.s.press("i")
	w.s.see("ALLOW (0)")
	w.s.press("n")
	w.s.typed("10.4.7.0/26")
	w.s.press("Enter")
	w.s.see("10.4.7.0/26", "ALLOW (1)")
	w.escape("prefix >")
	w.s.press("C-s")
	w.s.see("+ allow 10.4.7.0/26", listens)
	w.s.press("y")
	w.s.see("changed the addresses of build-bot/nightly-import")
	w.becomes("10.4.7.0/26", func() string { return w.c.key("build-bot/nightly-import").prefixes() })
}

// pasteList permits many more at once.
func (w work) pasteList() {
	w.visit("nightly-import")
	w.s.press("i")
	w.s.see("ALLOW (1)")
	w.s.paste("10.5.0.0/24 # lab\n10.6.0.10-10.6.0.11\n2001:db8:7::/48\n")
	w.s.see("ALLOW (4)")
	w.s.press("C-s")
	w.s.see("+ allow 10.6.0.10/31", listens)
	w.s.press("y")
	w.s.see("changed the addresses of build-bot/nightly-import")
	w.becomes("10.4.7.0/26 10.5.0.0/24 10.6.0.10/31 2001:db8:7::/48", func() string { return w.c.key("build-bot/nightly-import").prefixes() })
}

// disable switches a key off, and takes that back.
func (w work) disable() {
	w.visit("nightly-import")
	w.s.press("x")
	w.s.see("Disable build-bot/nightly-import?", "never used", listens)
	w.s.press("y")
	w.s.see("disabled build-bot/nightly-import", "U undo")
	w.becomes("disabled", func() string { return w.c.key("build-bot/nightly-import").State })
	w.s.press("U")
	w.s.see("enabled build-bot/nightly-import")
	w.becomes("active", func() string { return w.c.key("build-bot/nightly-import").State })
}

// clone issues a key with the same rules.
func (w work) clone() {
	w.visit("nightly-import")
	w.s.press("c")
	w.s.see("Owner", "Name")
	w.s.press("Tab", "C-u")
	w.s.typed("nightly-clone")
	w.s.see("nightly-clone")
	for _, step := range []string{">2 Scopes", ">3 Expiry", ">4 Network", ">5 Review"} {
		w.s.press("Enter")
		w.s.see(step)
	}
	w.s.see("nothing stands against it")
	w.s.press("Enter")
	w.s.see("Key created", "hides in 5")
	w.stored()
	like, k := w.c.key("build-bot/nightly-import"), w.c.key("build-bot/nightly-clone")
	if k.prefixes() != like.prefixes() || !slices.Equal(k.Scopes, like.Scopes) {
		w.t.Errorf("the clone has %q %v, not %q %v", k.prefixes(), k.Scopes, like.prefixes(), like.Scopes)
	}
}

// revoke ends a key, for which its name has to be typed.
func (w work) revoke() {
	w.visit("night-report")
	w.s.press("X")
	w.s.see("why revoke build-bot/night-report?")
	w.s.typed("not needed")
	w.s.press("Enter")
	w.s.see("Revoke build-bot/night-report?", listens)
	w.s.typed("night-report")
	w.s.press("Enter")
	w.s.see("revoked for ever: build-bot/night-report")
	w.becomes("revoked", func() string { return w.c.key("build-bot/night-report").State })
}

// changeUser gives the owner a contact.
func (w work) changeUser() {
	w.s.press("2")
	w.s.see("[2 Users]", ">  build-bot")
	w.s.press("e")
	w.s.see("Contact", "May do")
	w.s.press("Tab", "Tab", "Tab")
	w.s.typed("ops@corp.example")
	w.s.see("ops@corp.example")
	w.s.press("Enter")
	w.s.see("Save the changes of build-bot?", listens)
	w.s.press("y")
	w.s.see("changed build-bot")
	w.becomes("ops@corp.example", func() string {
		var u struct{ Contact string }
		w.c.json(&u, "user", "show", "build-bot")
		return u.Contact
	})
}

func TestTheTasksOfADayInEveryKindOfTerminal(t *testing.T) {
	kinds := []string{"xterm-256color", "tmux-256color", "screen", "xterm"}
	if testing.Short() {
		kinds = kinds[:1]
	}
	for _, kind := range kinds {
		t.Run("TERM="+kind, func(t *testing.T) {
			c := issuer(t)
			m := runInTmux(t, c, 100, 30, "TERM="+kind+" "+shell([]string{binary}))
			w := work{t, c, m}
			w.create()
			w.find()
			w.restrict()
			w.pasteList()
			w.disable()
			w.clone()
			w.revoke()
			w.changeUser()
			m.press("q")
			m.see("exit 0")
			if left := m.ok("capture-pane", "-p", "-S", "-", "-E", "-"); keyString.MatchString(left) || strings.Contains(left, "NAME") {
				t.Errorf("the terminal was not given back as it was:\n%s", left)
			}
		})
	}
}

func TestATerminalThatCannotMoveTheCursorIsTalkedTo(t *testing.T) {
	c := issuer(t)
	m := runInTmux(t, c, 100, 30, "TERM=dumb "+shell([]string{binary}))
	m.see("plain mode", "Command:")
	m.typed("users")
	m.press("Enter")
	m.see("build-bot, service")
	m.typed("quit")
	m.press("Enter")
	m.see("exit 0")
}

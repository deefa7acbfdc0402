package created_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/created"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// popup is a dashboard that has just issued a key.
type popup struct {
	*decktest.Deck
	t      *testing.T
	issued screen.Issued
	key    string
}

// open issues a key and shows it. It does not wait until the popup listens.
func open(t *testing.T, w, h int, f func(p *popup)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := decktest.Start(t, st, w, h)
		p := &popup{Deck: d, t: t, issued: issue(t, st)}
		p.key = p.issued.Secret.Reveal()
		d.Send(p.issued)
		f(p)
	})
}

// listening is open for a popup that takes keys.
func listening(t *testing.T, w, h int, f func(p *popup)) {
	t.Helper()
	open(t, w, h, func(p *popup) {
		p.Settle()
		f(p)
	})
}

func issue(t *testing.T, st *decktest.Store) screen.Issued {
	t.Helper()
	v, secret, err := st.CreateKey(t.Context(), keystore.NewKey{
		User: st.User("build-bot").ID, Name: "ci-eu", Expires: decktest.Now.AddDate(0, 3, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return screen.Issued{Key: v, Secret: secret}
}

// events returns the newest records of the journal as "event reason".
func (p *popup) events() string {
	p.t.Helper()
	var out []string
	err := p.Store.JournalBackwards(p.t.Context(), -1, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if err != nil || len(out) == 3 {
			return cmp.Or(err, kv.Stop)
		}
		out = append(out, r.Event+" "+r.Reason)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

func TestAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		listening(t, size.W, size.H, func(p *popup) {
			p.GoldenBody("popup")
			p.Press("s")
			p.GoldenBody("save")
			p.Press("tab", "down", "down", "down")
			p.GoldenBody("form")
			p.Press("tab", "down")
			p.GoldenBody("passphrase")
			p.Press("esc", "v")
			p.GoldenBody("verify")
			p.Press("esc", "esc")
			p.GoldenBody("leave")
		})
	}
}

func TestTheKeyIsOneUnbrokenLineOnEightyColumns(t *testing.T) {
	open(t, 80, 24, func(p *popup) { p.Want(p.key) })
}

func TestKeysAreSwallowedJustAfterOpening(t *testing.T) {
	open(t, 80, 24, func(p *popup) {
		p.Press("space", "q") // 125 ms each
		p.Want("[ ] I stored this key", p.key)
		p.Advance(created.Grace)
		p.Press("space")
		p.Want("[x] I stored this key")
	})
}

func TestEnterClosesOnlyOnceTheBoxIsTicked(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("enter", "enter")
		p.Want("Key created", `tick "I stored this key" with space first`)
		p.Press("space", "enter")
		p.Settle()
		p.Without("Key created", "[x] I stored", p.key)
	})
}

func TestTheKeyIsMaskedAfterAMinute(t *testing.T) {
	open(t, 80, 24, func(p *popup) {
		p.Advance(59 * time.Second)
		p.Want(p.key)
		p.Advance(2 * time.Second)
		p.Without(p.key)
		p.Want("[redacted]")
	})
}

func TestTheKeyIsMaskedOnBlurAndShowingItAgainIsRecorded(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Blur()
		p.Without(p.key)
		p.Focus()
		p.Without(p.key)
		if e := p.events(); strings.Contains(e, "key.reveal") {
			t.Errorf("the journal has %s", e)
		}
		p.Press("m")
		p.Settle()
		p.Want(p.key)
		if e := p.events(); !strings.HasPrefix(e, "key.reveal on the screen") {
			t.Errorf("the journal has %s", e)
		}
		p.Press("m")
		p.Without(p.key)
	})
}

func TestCopyGoesToTheTerminalAndIsRecorded(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.TakeBytes()
		p.Press("c")
		p.Settle()
		payload := base64.StdEncoding.EncodeToString([]byte(p.key))
		if !bytes.Contains(p.TakeBytes(), []byte("\x1b]52;c;"+payload)) {
			t.Error("the terminal was not sent the key")
		}
		p.Want("1x: sent to your terminal (OSC 52); paste to check")
		if e := p.events(); !strings.HasPrefix(e, "key.copy OSC 52\n") {
			t.Errorf("the journal has %s", e)
		}
	})
}

func TestVerify(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		other := issueNamed(t, p.Store, "other").Reveal()
		for pasted, want := range map[string]string{
			"nonsense":            "no match: malformed key string",
			other:                 "no match: that is a key, but another one",
			p.key[:len(p.key)-1]:  "no match: malformed key string",
			"  " + p.key + "\r\n": "match: what you pasted is this key",
		} {
			p.Press("v")
			p.Blur() // so that the key itself is not on the screen
			p.Paste(pasted)
			p.Want(want)
			p.Without(strings.TrimSpace(pasted), other)
			p.Press("v", "esc")
		}
		p.Paste(p.key)
		p.Want("match: what you pasted is this key")
	})
}

func issueNamed(t *testing.T, st *decktest.Store, name string) token.Key {
	t.Helper()
	_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: st.User("build-bot").ID, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestATypedKeyIsNotEchoed(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("v")
		p.Type("pak_abcdef")
		p.Without("abcdef")
		p.Press("enter")
		p.Want("no match")
	})
}

func TestEscAsksAndTheKeyIsGoneAfterwards(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("esc")
		p.Want("The key cannot be shown again", "neither copied nor saved")
		p.Press("esc")
		p.Want("I stored this key", p.key)
		p.Press("esc", "y")
		p.Settle()
		p.Without("] I stored", p.key)
		p.Press("-")
		p.Settle()
		p.Without(p.key)
	})
}

func TestQuittingAsksToo(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("ctrl+c")
		p.Want("This would be lost: the key string of build-bot/ci-eu")
		p.Press("esc", "space", "ctrl+c")
		if !p.Exited() {
			t.Error("a stored key still held the dashboard")
		}
	})
}

func TestAPlainPakIsPrivateAndDecodes(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("s", "enter")
		p.Settle()
		path := filepath.Join(filepath.Dir(p.Store.Path()), "ci-eu.pak")
		p.Want("saved ~/ci-eu.pak (plain)")
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("mode %v, %v", info, err)
		}
		b, err := pak.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		p.decodes(b)
		if e := p.events(); !strings.HasPrefix(e, "key.save ci-eu.pak, plain\n") {
			t.Errorf("the journal has %s", e)
		}
		p.Press("s", "enter")
		p.Settle()
		p.Want("exists")
	})
}

// decodes checks the content of a .pak file.
func (p *popup) decodes(b []byte) {
	p.t.Helper()
	f, err := pak.Decode(b)
	if err != nil {
		p.t.Fatal(err)
	}
	if f.Key.Reveal() != p.key || f.Name != "ci-eu" || f.Owner != "build-bot" || !f.Expires.Equal(p.issued.Key.Expires) || f.Store != p.Store.Origin() {
		p.t.Errorf("the file says %+v", f)
	}
}

func TestAnEncryptedPakOpensWithAge(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	listening(t, 80, 24, func(p *popup) {
		p.Press("s", "tab", "tab", "down", "down", "tab")
		p.Type("age1nonsense", "enter")
		p.Want(`"age1nonsense"`)
		p.Press("ctrl+u")
		p.Paste(id.Recipient().String())
		p.Press("enter")
		p.Settle()
		p.Want("saved ~/ci-eu.pak (encrypted)")
		p.decodes(p.decrypt(id))
	})
}

func TestAPassphraseIsTypedTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt at full strength takes seconds")
	}
	listening(t, 80, 24, func(p *popup) {
		p.Press("s", "tab", "tab", "down", "tab", "enter")
		p.Want("type a passphrase")
		p.Type("correct horse", "tab")
		p.Type("correct house", "enter")
		p.Want("the two passphrases differ")
		p.Without("correct")
		p.Press("ctrl+u")
		p.Type("correct horse", "enter")
		p.Advance(30 * time.Second)
		p.Want("saved ~/ci-eu.pak (encrypted)")
		id, err := age.NewScryptIdentity("correct horse")
		if err != nil {
			t.Fatal(err)
		}
		p.decodes(p.decrypt(id))
	})
}

func (p *popup) decrypt(id age.Identity) []byte {
	p.t.Helper()
	b, err := pak.Load(filepath.Join(filepath.Dir(p.Store.Path()), "ci-eu.pak"))
	if err != nil {
		p.t.Fatal(err)
	}
	if b, err = pak.Decrypt(b, id); err != nil {
		p.t.Fatal(err)
	}
	return b
}

func TestPathsThatAreRefused(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		dir := filepath.Dir(p.Store.Path())
		if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "link.pak")); err != nil {
			t.Fatal(err)
		}
		p.Press("s")
		for input, want := range map[string]string{
			"": `"" is no file`, "~/nowhere/x.pak": "there is no folder", "~/link.pak": "symbolic link", "sub/": `"sub/" is no file`,
		} {
			p.Press("ctrl+u")
			p.Type(input, "enter")
			p.Settle()
			p.Want(want)
		}
		if _, err := os.Lstat(filepath.Join(dir, "elsewhere")); !errors.Is(err, os.ErrNotExist) {
			t.Error("a symbolic link was followed")
		}
	})
}

func TestThePolicyMayForbidPlainFiles(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Store.SetPolicy("[key]\nallow_plain_files = false\n")
		p.Press("s", "enter")
		p.Settle()
		p.Want("a key may be saved to an encrypted file")
		if _, err := os.Lstat(filepath.Join(filepath.Dir(p.Store.Path()), "ci-eu.pak")); err == nil {
			t.Error("it was saved")
		}
	})
}

func TestAGitWorkTreeIsWarnedOf(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		dir := filepath.Dir(p.Store.Path())
		if err := os.Mkdir(filepath.Join(dir, ".git"), 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "ci-eu.pak")
		p.Press("s", "enter")
		p.Settle()
		p.Want("git work tree")
		if _, err := os.Lstat(path); err == nil {
			t.Fatal("it was written without a warning")
		}
		p.Press("enter")
		p.Settle()
		p.Want("saved ~/ci-eu.pak")
	})
}

// TestTheSecretIsInNothingButTheView prints everything that the popup and its
// commands make.
func TestTheSecretIsInNothingButTheView(t *testing.T) {
	st := decktest.Sample(t)
	issued := issue(t, st)
	env := screen.NewEnv(t.Context(), st.Store)
	env.Theme, env.Home = theme.New(theme.Mono, theme.Unicode()), t.TempDir()
	env.Getenv = func(name string) string { return map[string]string{"TMUX": "/tmp/s,1,0"}[name] }
	given := ""
	runner := func(_ context.Context, stdin, _ string, args ...string) error {
		given = stdin
		if strings.Contains(strings.Join(args, " "), stdin) {
			t.Error("the secret is an argument of a program")
		}
		return nil
	}
	s := created.New(env, issued, created.WithClipboard(clip.New(env.Getenv, "linux", clip.WithRunner(runner))))
	secret := issued.Secret.Reveal()
	look := func(what string, x any) {
		t.Helper()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if leaks(fmt.Sprintf(verb, x), secret) {
				t.Errorf("%s holds the secret when printed with %s", what, verb)
			}
		}
	}
	look("the message that opens the popup", issued)
	s, _ = s.Update(tea.WindowSizeMsg{Width: 80, Height: 18})
	if !strings.Contains(s.View().Content, secret) {
		t.Fatal("the popup does not show the key")
	}
	s = ready(t, s)
	for _, action := range []string{"created.copy", "created.mask", "created.mask", "created.save", "created.close", "created.verify"} {
		var cmd tea.Cmd
		s, cmd = s.Act(action)
		for _, msg := range drain(cmd) {
			look(action+": "+fmt.Sprintf("%T", msg), msg)
			s, _ = s.Update(msg)
		}
		look("the popup after "+action, s)
	}
	if given != secret {
		t.Error("tmux was not given the key")
	}
	s, _ = s.Update(tea.PasteMsg{Content: secret})
	look("the popup after a paste", s)
	for what, text := range map[string]string{"title": s.Title(), "what would be lost": s.Unsaved()} {
		if leaks(text, secret) {
			t.Errorf("the %s holds the secret", what)
		}
	}
	old := s
	s, _ = s.Act("created.stored")
	s, _ = s.Act("created.close")
	for _, x := range []screen.Screen{s, old} {
		if x.Act("created.mask"); strings.Contains(x.View().Content, secret) {
			t.Error("a closed popup still shows the key")
		}
	}
}

// leaks reports whether text holds the secret, or its bytes as %v prints them.
func leaks(text, secret string) bool {
	body := secret[17:]
	return strings.Contains(text, body) || strings.Contains(text, hex.EncodeToString([]byte(body))) ||
		strings.Contains(text, strings.Trim(fmt.Sprint([]byte(body)), "[]"))
}

// ready runs the first commands, so that the popup listens.
func ready(t *testing.T, s screen.Screen) screen.Screen {
	t.Helper()
	for _, msg := range drain(s.Init()) {
		s, _ = s.Update(msg)
	}
	if s.Typing() {
		t.Fatal("the popup does not listen")
	}
	return s
}

// drain runs a command and all that it leads to, and returns the messages.
// Ticks of a second run, too.
func drain(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var out []tea.Msg
		for _, c := range msg {
			out = append(out, drain(c)...)
		}
		return out
	default:
		return []tea.Msg{msg}
	}
}

package created

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/pak/handover"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Rows of the panel that saves.
const (
	fileRow      = "file"
	formRow      = "form"
	protectRow   = "protect"
	phraseRow    = "passphrase"
	againRow     = "again"
	recipientRow = "recipient"
)

// Ways to protect the file.
const (
	plain       = "none"
	toPhrase    = "passphrase"
	toRecipient = "recipient"
	toOwner     = "owner"
)

// askFile opens the panel that saves.
func (m *Model) askFile() tea.Cmd {
	t := m.env.Theme
	m.panel, m.again = saving, ""
	var forms []form.Option
	for _, f := range handover.Forms() {
		forms = append(forms, form.Option{Value: f.Name, Title: f.Title, Help: f.Help})
	}
	m.form = m.formFor(
		form.Row{ID: fileRow, Item: form.NewText(t, "File").With(m.offered(handover.Names()[0]))},
		form.Row{ID: formRow, Item: form.NewOneOf(t, "Form", forms...)},
		form.Row{ID: protectRow, Item: m.protections()},
	)
	m.resize(m.w, m.h)
	return m.form.Focus(fileRow)
}

// offered is the path that is offered for a form.
func (m Model) offered(name string) string {
	f, err := handover.Named(name)
	if err != nil {
		return ""
	}
	return m.tilde(filepath.Join(m.env.Home, f.FileName(m.key.Name)))
}

// protections are the ways to protect the file: to the owner first, if it has
// told a public key.
func (m Model) protections() form.Choice {
	options := []choice.Option{
		{Label: plain, Help: "the file is readable for you alone (0600)"},
		{Label: toPhrase, Help: "opens with age and the passphrase"},
		{Label: toRecipient, Help: "an age1... or ssh-... public key"},
	}
	if m.key.Owner.Recipient != "" {
		options = slices.Insert(options, 0, choice.Option{Label: toOwner, Help: "only " + m.key.Owner.Name + " can open it"})
	}
	return form.NewChoice(m.env.Theme, "Encryption", options...)
}

// formFor returns the form with the rows that the chosen protection needs.
func (m Model) formFor(rows ...form.Row) form.Model {
	t := m.env.Theme
	switch rows[len(rows)-1].Item.Value() {
	case toPhrase:
		rows = append(
			rows,
			form.Row{ID: phraseRow, Item: form.NewText(t, "Passphrase", field.WithMask())},
			form.Row{ID: againRow, Item: form.NewText(t, "Once more", field.WithMask())},
		)
	case toRecipient:
		rows = append(rows, form.Row{ID: recipientRow, Item: form.NewText(t, "Recipient", field.WithPlaceholder("age1... or ssh-ed25519 ..."))})
	}
	return form.New(rows...)
}

// edit changes the form, and its rows when another protection was chosen.
func (m *Model) edit(change func(form.Model) form.Model) {
	before, path, in := m.form.Value(protectRow), m.form.Value(fileRow), m.form.Value(formRow)
	m.form = change(m.form)
	if now := m.form.Value(formRow); now != in && path == m.offered(in) {
		m.form = m.form.Set(fileRow, form.NewText(m.env.Theme, "File").With(m.offered(now)))
	}
	if m.form.Value(fileRow) != path {
		m.again = ""
	}
	if m.form.Value(protectRow) != before {
		m.form = m.formFor(
			form.Row{ID: fileRow, Item: m.form.Item(fileRow)}, form.Row{ID: formRow, Item: m.form.Item(formRow)},
			form.Row{ID: protectRow, Item: m.form.Item(protectRow)},
		)
		m.form.Focus(protectRow)
	}
	m.form = m.form.Judge(m.problems())
	m.resize(m.w, m.h)
}

// inForm performs an action while the panel is open.
func (m *Model) inForm(action string) (cmd tea.Cmd) {
	m.edit(func(f form.Model) form.Model {
		switch action {
		case "created.next":
			cmd = f.Move(1)
		case "created.previous":
			cmd = f.Move(-1)
		}
		return f
	})
	return cmd
}

// problems says what is wrong with the rows.
func (m Model) problems() map[string]string {
	out := map[string]string{}
	if _, err := m.path(); err != nil {
		out[fileRow] = err.Error()
	}
	switch m.form.Value(protectRow) {
	case toPhrase:
		if m.form.Value(phraseRow) == "" {
			out[phraseRow] = "type a passphrase, or choose another encryption"
		} else if m.form.Value(againRow) != m.form.Value(phraseRow) {
			out[againRow] = "the two passphrases differ; type the same again"
		}
	case toOwner:
		if _, err := pak.ParseRecipient(m.key.Owner.Recipient); err != nil {
			out[protectRow] = "the owner's: " + err.Error()
		}
	case toRecipient:
		if _, err := pak.ParseRecipient(strings.TrimSpace(m.form.Value(recipientRow))); err != nil {
			out[recipientRow] = err.Error()
		}
	}
	return out
}

// path returns the path that was typed. "~" is the operator's home, and so is
// where a relative path begins.
func (m Model) path() (string, error) {
	typed := strings.TrimSpace(m.form.Value(fileRow))
	rest, home := strings.CutPrefix(typed, "~/")
	switch {
	case typed == "" || strings.HasSuffix(typed, "/"):
		return "", fmt.Errorf("%s is no file; write a path such as %s", text.Quote(typed), m.tilde(filepath.Join(m.env.Home, "key.pak")))
	case filepath.IsAbs(typed):
		return filepath.Clean(typed), nil
	case !filepath.IsAbs(m.env.Home):
		return "", fmt.Errorf("%s does not begin at the root; write a path such as /home/mira/key.pak", text.Quote(typed))
	case home:
		return filepath.Join(m.env.Home, rest), nil
	}
	return filepath.Join(m.env.Home, typed), nil
}

// tilde shortens a path for the screen.
func (m Model) tilde(path string) string {
	if rest, ok := strings.CutPrefix(path, m.env.Home+string(filepath.Separator)); ok && m.env.Home != "" {
		return "~/" + rest
	}
	return path
}

// savedMsg tells what became of a file.
type savedMsg struct {
	vault *vault
	path  string
	how   string
	git   string // root of a work tree: nothing was written
	err   error
	note  error // it was written, but the journal does not say so
}

// save writes the file. In a git work tree it warns first; enter again goes
// through with it.
func (m *Model) save() tea.Cmd {
	ok, cmd := m.form.Submit(m.problems())
	if !ok {
		return cmd
	}
	path, _ := m.path()
	to, err := m.recipients()
	if err != nil {
		return form.Tell(screen.Failed{Doing: "encrypting the .pak file", Err: err})
	}
	as, err := handover.Named(m.form.Value(formRow))
	if err != nil {
		return form.Tell(screen.Failed{Doing: "saving the key", Err: err})
	}
	m.saving = true
	how, f, v, warned := kind(as, to), m.file(), m.vault, m.again == path
	st, id := m.env.Store, m.key.ID
	return m.env.Do(func(ctx context.Context) tea.Msg {
		done := savedMsg{vault: v, path: path, how: how}
		if root, in := pak.InGitWorkTree(path); in && !warned {
			done.git = root
			return done
		}
		if done.err = st.CheckFile(len(to) > 0); done.err == nil {
			done.err = write(path, as, f, to)
		}
		if done.err == nil {
			done.note = st.NoteHandover(ctx, id, keystore.Saved, detail(path, how))
		}
		return done
	})
}

// recipients returns to whom the file is encrypted.
func (m Model) recipients() ([]age.Recipient, error) {
	var to age.Recipient
	var err error
	switch m.form.Value(protectRow) {
	case toOwner:
		to, err = pak.ParseRecipient(m.key.Owner.Recipient)
	case toPhrase:
		to, err = pak.Passphrase(m.form.Value(phraseRow))
	case toRecipient:
		to, err = pak.ParseRecipient(strings.TrimSpace(m.form.Value(recipientRow)))
	default:
		return nil, nil
	}
	return []age.Recipient{to}, err
}

// file is what the .pak file says.
func (m Model) file() pak.File {
	allow := make([]netip.Prefix, len(m.key.Rules.Allow))
	for i, e := range m.key.Rules.Allow {
		allow[i] = e.Prefix
	}
	return pak.File{
		Key: m.vault.key, Name: m.key.Name, Owner: m.key.Owner.Name, Issued: m.key.Current().Created,
		Expires: m.key.Expires, Allow: allow, Store: m.env.Store.Origin(),
	}
}

// kind says what a file is: "plain", "curl, encrypted".
func kind(as handover.Form, to []age.Recipient) string {
	how := "plain"
	if len(to) > 0 {
		how = "encrypted"
	}
	if as.Name != handover.Names()[0] {
		how = as.Name + ", " + how
	}
	return how
}

func write(path string, as handover.Form, f pak.File, to []age.Recipient) error {
	b, err := as.Encode(f)
	if err != nil {
		return err
	}
	if len(to) > 0 {
		if b, err = pak.Encrypt(b, to...); err != nil {
			return err
		}
	}
	return pak.Save(path, b)
}

// longest name of a file in the journal, in cells.
const longest = 100

func detail(path, how string) string {
	return text.Truncate(filepath.Base(path), longest) + ", " + how
}

// hasSaved tells what became of the file.
func (m *Model) hasSaved(msg savedMsg) tea.Cmd {
	if msg.vault != m.vault {
		return nil
	}
	m.saving = false
	switch {
	case msg.git != "":
		m.again = msg.path
		return nil
	case msg.err != nil:
		m.form = m.form.Set(fileRow, m.form.Item(fileRow).WithError(reason(msg.path, msg.err)))
		m.form.Focus(fileRow)
		m.resize(m.w, m.h)
		return nil
	}
	m.dismiss()
	m.saved = append(m.saved[:len(m.saved):len(m.saved)], m.tilde(msg.path)+" ("+cmp.Or(msg.how, "plain")+")")
	if msg.note != nil {
		return form.Tell(notRecorded(keystore.Saved, msg.note))
	}
	return form.Tell(screen.Refresh{})
}

// reason says why a file could not be saved.
func reason(path string, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no folder " + text.Quote(filepath.Dir(path)) + "; choose another, or make it first"
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

package created

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
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
	return m.env.Tilde(filepath.Join(m.env.Home, f.FileName(m.key.Name)))
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
	if _, err := m.env.Path(m.form.Value(fileRow)); err != nil {
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
	path, _ := m.env.Path(m.form.Value(fileRow))
	to, err := m.recipients()
	if err != nil {
		return screen.Tell(screen.Failed{Doing: "encrypting the .pak file", Err: err})
	}
	as, err := handover.Named(m.form.Value(formRow))
	if err != nil {
		return screen.Tell(screen.Failed{Doing: "saving the key", Err: err})
	}
	m.saving = true
	how, f, v, warned := as.Kind(len(to) > 0), handover.Of(m.env.Store, m.key, m.vault.key), m.vault, m.again == path
	st, id := m.env.Store, m.key.ID
	return m.env.Do(func(ctx context.Context) tea.Msg {
		done := savedMsg{vault: v, path: path, how: how}
		if root, in := pak.InGitWorkTree(path); in && !warned {
			done.git = root
			return done
		}
		if done.err = st.CheckFile(len(to) > 0); done.err == nil {
			done.err = as.Save(path, f, to...)
		}
		if done.err == nil {
			done.note = st.NoteHandover(ctx, id, keystore.Saved, handover.Detail(path, how))
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
	m.saved = append(m.saved[:len(m.saved):len(m.saved)], m.env.Tilde(msg.path)+" ("+cmp.Or(msg.how, "plain")+")")
	if msg.note != nil {
		return screen.Tell(notRecorded(keystore.Saved, msg.note))
	}
	return screen.Tell(screen.Refresh{})
}

// reason says why a file could not be saved.
func reason(path string, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no folder " + text.Quote(filepath.Dir(path)) + "; choose another, or make it first"
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

package session

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/words"
)

// Rows of the form.
const (
	wayRow     = "way"
	folderRow  = "folder"
	elseRow    = "else"
	sealRow    = "seal"
	phraseRow  = "passphrase"
	againRow   = "again"
	commandRow = "command"
	waitRow    = "wait"
)

// What is done with keys whose owner has no recipient, and how files are sealed.
const (
	withPhrase = "passphrase"
	leftOut    = "left out"
	plainFile  = "plain"
)

// ask opens the form with what suits the keys.
func (m *Model) ask() tea.Cmd {
	m.form = m.formFor(form.New(form.Row{ID: wayRow, Item: m.ways()}))
	m.rebuild()
	return m.form.Focus(wayRow)
}

// remember offers the folder and the command of the session before.
func (m *Model) remember(last session.Hand) {
	m.last = last
	if m.form.Value(folderRow) == m.env.Home && last.Dir != "" {
		m.form = m.form.Set(folderRow, form.NewText(m.env.Theme, "Folder").With(last.Dir))
	}
}

// ways are the ways to hand the keys over; the first one suits.
func (m Model) ways() form.Choice {
	options := []choice.Option{
		{Label: string(session.ToOwner), Help: "a .pak file that only the key's owner can open"},
		{Label: string(session.ToFile), Help: "a .pak file for each key"},
		{Label: string(session.ToCommand), Help: "the standard input of a command, for each key"},
		{Label: string(session.ToClipboard), Help: "one after the other to your terminal's clipboard"},
	}
	keys := m.views()
	if len(session.WithoutRecipient(keys)) == len(keys) {
		options[0].Disabled = "no owner has a recipient; e on a user adds one"
	}
	return form.NewChoice(m.env.Theme, "Hand over", options...)
}

// formFor returns the form with the rows that the chosen way needs; what is in
// rows that stay is kept.
func (m Model) formFor(f form.Model) form.Model {
	t := m.env.Theme
	way := f.Value(wayRow)
	rows := []form.Row{{ID: wayRow, Item: f.Item(wayRow)}}
	add := func(id string, standard func() form.Item) {
		item := f.Item(id)
		if item == nil {
			item = standard()
		}
		rows = append(rows, form.Row{ID: id, Item: item})
	}
	file := way == string(session.ToOwner) || way == string(session.ToFile)
	if file {
		add(folderRow, func() form.Item { return form.NewText(t, "Folder").With(cmp.Or(m.last.Dir, m.env.Home)) })
	}
	seal := ""
	switch missing := session.WithoutRecipient(m.views()); {
	case way == string(session.ToFile):
		add(sealRow, func() form.Item { return form.NewChoice(t, "Encryption", m.seals(false)...) })
		seal = rows[len(rows)-1].Item.Value()
	case file && len(missing) > 0:
		add(elseRow, func() form.Item { return form.NewChoice(t, "No owner's", m.seals(true)...) })
		seal = rows[len(rows)-1].Item.Value()
	}
	if seal == withPhrase {
		add(phraseRow, func() form.Item { return form.NewText(t, "Passphrase", field.WithMask()) })
		add(againRow, func() form.Item { return form.NewText(t, "Once more", field.WithMask()) })
	}
	if way == string(session.ToCommand) {
		add(commandRow, func() form.Item {
			return form.NewText(t, "Command", field.WithPlaceholder("vault kv put keys/$PAK_OWNER/$PAK_NAME value=-")).
				With(m.last.Command).WithHint("a line of sh; it knows $PAK_NAME, $PAK_OWNER, $PAK_ID, $PAK_SECRET_ID, $PAK_EXPIRES")
		})
	}
	add(waitRow, func() form.Item {
		return form.NewTick(t, "Wait", "for the first use of each new secret before the next key").With(!file)
	})
	return form.New(rows...)
}

// seals are the ways to encrypt files that are for no owner's recipient.
func (m Model) seals(orLeave bool) []choice.Option {
	plain := choice.Option{Label: plainFile, Help: "readable for whoever gets at the file"}
	if !m.env.Board.Policy.AllowPlainFiles {
		plain.Disabled = "the policy forbids it (allow_plain_files)"
	}
	phrase := choice.Option{Label: withPhrase, Help: "one for all of them; opens with age"}
	if !orLeave {
		return []choice.Option{plain, phrase}
	}
	n := text.Plural(len(session.WithoutRecipient(m.views())), "key")
	phrase.Help = n + " whose owner has no recipient: one for all of them"
	return []choice.Option{phrase, {Label: leftOut, Help: "they stay as they are"}, plain}
}

// input gives what is typed to the form, which gets other rows for another way.
func (m *Model) input(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	before := m.form.Value(wayRow) + m.form.Value(sealRow) + m.form.Value(elseRow)
	way, at := m.form.Value(wayRow), m.form.Focused()
	m.form, cmd = m.form.Update(msg)
	if m.form.Value(wayRow)+m.form.Value(sealRow)+m.form.Value(elseRow) != before {
		f := m.form
		if f.Value(wayRow) != way { // whether to wait depends on the way
			f = f.Set(waitRow, nil)
		}
		m.form = m.formFor(f)
		cmd = m.form.Focus(at)
	}
	m.form = m.form.Judge(m.problems())
	return cmd
}

// folder returns the path that was typed.
func (m Model) folder() (string, error) {
	dir := strings.TrimSpace(m.form.Value(folderRow))
	if rest, home := strings.CutPrefix(dir, "~/"); home {
		dir = filepath.Join(m.env.Home, rest)
	}
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("give the whole path of the folder, such as %s", m.env.Home)
	}
	return filepath.Clean(dir), nil
}

// problems says what is wrong with the rows.
func (m Model) problems() map[string]string {
	out := map[string]string{}
	if m.form.Item(folderRow) != nil {
		if _, err := m.folder(); err != nil {
			out[folderRow] = err.Error()
		}
	}
	if m.form.Item(phraseRow) != nil {
		switch phrase := m.form.Value(phraseRow); {
		case phrase == "":
			out[phraseRow] = "type a passphrase, or choose another encryption"
		case phrase != m.form.Value(againRow):
			out[againRow] = "the two passphrases differ; type the same again"
		}
	}
	if m.form.Item(commandRow) != nil && strings.TrimSpace(m.form.Value(commandRow)) == "" {
		out[commandRow] = "say which command gets the key strings"
	}
	return out
}

// hand returns what was chosen.
func (m Model) hand() session.Hand {
	h := session.Hand{Way: session.Way(m.form.Value(wayRow)), Command: strings.TrimSpace(m.form.Value(commandRow))}
	h.Dir, _ = m.folder()
	switch seal := cmp.Or(m.form.Value(sealRow), m.form.Value(elseRow)); seal {
	case withPhrase:
		h.Sealed, h.Else = true, session.ToFile
	case plainFile:
		h.Else = session.ToFile
	}
	return h
}

// accept asks for the number of keys and begins, or goes on with the passphrase.
func (m *Model) accept() tea.Cmd {
	ok, cmd := m.form.Submit(m.problems())
	if !ok {
		return cmd
	}
	m.vault.passphrase = m.form.Value(phraseRow)
	if m.s.ID != "" {
		m.form = form.Model{}
		return m.goOn()
	}
	s, err := rotationOf(m.grace)
	if err != nil {
		return screen.Tell(screen.Failed{Doing: "beginning the session", Err: err})
	}
	s.Hand, s.Wait = m.hand(), m.form.Value(waitRow) != ""
	keys := m.views()
	q := confirm.Question{
		Title: "Rotate " + text.Plural(len(keys), "key") + "?", Verb: "rotate", Count: len(keys),
		Lines: append(words.HandOver(s, keys, text.TruncateMiddle(m.env.Tilde(s.Dir), 40), m.clip.Way().String()+"; n then goes on."), confirm.Line{Text: words.Grace(s)}),
	}
	begin := m.begin(s, keys)
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return begin }})
}

// views returns the keys as they are now.
func (m Model) views() []keystore.KeyView { return m.keys.On(m.env.Board).Views() }

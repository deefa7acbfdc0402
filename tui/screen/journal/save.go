package journal

import (
	"context"
	"fmt"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// saving is what the name of a file is typed for.
type saving uint8

const (
	nothing saving = iota
	records        // those that the filter selects
	proof          // of the record that is shown
)

// askFile opens the line for the name of a file.
func (m *Model) askFile(what saving) tea.Cmd {
	label, name := "export to", "pakdeck-journal-"+m.env.Board.Now.UTC().Format("20060102-150405")+".ndjson"
	if what == proof {
		label, name = "proof to", fmt.Sprintf("record-%d.tlog-proof", m.shown)
	}
	m.saving = what
	return m.Ask(m.env.Theme, "File", label, m.env.Tilde(filepath.Join(m.env.Home, name)),
		field.WithLimit(4096), field.WithHint(savingHint(what)))
}

func savingHint(what saving) string {
	if what == proof {
		return "enter saves it; pakdeck audit check-proof checks it with the public key only"
	}
	return ".ndjson the stored bytes, .csv, .ocsf; a new file, readable by you alone"
}

// accept ends the line and saves.
func (m *Model) accept() tea.Cmd {
	path, err := m.env.Path(m.Search.Ask.Value())
	if err != nil {
		m.Search.Ask.SetError(err)
		return nil
	}
	what := m.saving
	m.dismiss()
	if what == proof {
		return m.saveProof(path)
	}
	return m.export(path)
}

// dismiss ends the line.
func (m *Model) dismiss() {
	m.saving = nothing
	m.Dismiss()
}

// export writes the records that the filter selects to a new file.
func (m *Model) export(path string) tea.Cmd {
	st, format, shown := m.env.Store, trail.FormatOf(path), m.env.Tilde(path)
	f, err := trail.Parse(m.filter, m.env.Board.Now)
	if err != nil {
		return screen.Tell(screen.Failed{Doing: "exporting", Err: err})
	}
	return m.begun("exporting", func(ctx context.Context, p *progress) (tea.Msg, error) {
		n, err := trail.ExportFile(ctx, st, f, format, path, p.set)
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("exported %s to %s", text.Plural(n, "record"), shown)}, err
	})
}

// saveProof writes the proof of the record that is shown to a new file.
func (m *Model) saveProof(path string) tea.Cmd {
	st, seq, shown := m.env.Store, m.shown, m.env.Tilde(path)
	return m.env.Do(func(ctx context.Context) tea.Msg {
		p, err := st.Prove(ctx, seq)
		if err == nil {
			err = pak.Save(path, p.Encode())
		}
		if err != nil {
			return screen.Failed{Doing: fmt.Sprintf("saving the proof of record %d", seq), Err: err}
		}
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("saved the proof of record %d to %s", seq, shown)}
	})
}

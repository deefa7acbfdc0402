package bulk

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// export returns the command that writes what is known of the keys to a file.
func (m *Model) export() tea.Cmd {
	path, err := m.env.Path(m.value.Value())
	if m.problem = ""; err != nil {
		m.problem = err.Error()
		return nil
	}
	format := records.FormatOf(path)
	m.begin("it is being written; esc stops it")
	st, views, b := m.env.Store, m.views(), m.env.Board
	v := records.Viewer{Now: b.Now, Warn: b.Policy.WarnBefore, Policy: b.Policy}
	shown := m.env.Tilde(path)
	return m.do("exporting", func(ctx context.Context, done func(int)) tea.Msg {
		keys := views()
		v.Uses = func(k keystore.Key) (keystore.Uses, error) { return st.Uses(ctx, k) }
		err := records.ExportFile(ctx, path, format, v, keys, done)
		switch {
		case errors.Is(err, context.Canceled):
			return screen.Say{Text: "stopped the export; nothing is left of it"}
		case err != nil:
			return screen.Failed{Doing: "exporting to " + shown, Err: err}
		}
		return screen.Say{Level: screen.OK, Text: fmt.Sprintf("exported %s to %s", text.Plural(len(keys), "key"), shown)}
	})
}

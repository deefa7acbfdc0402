package bulk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// writing is an export under way. Its command counts, and Update looks.
type writing struct {
	stop  context.CancelFunc
	count atomic.Int64
}

// writtenMsg ends an export; then tells how it went.
type writtenMsg struct {
	out  *writing
	then tea.Cmd
}

// exporting reports whether a file is being written.
func (m Model) exporting() bool { return m.out != nil }

// written looks how far the export is, and ends it if that is wanted.
func (m *Model) written() {
	if m.out == nil {
		return
	}
	if m.wrote = m.out.count.Load(); m.stopping {
		m.out.stop()
	}
}

// export returns the command that writes what is known of the keys to a file.
func (m *Model) export() tea.Cmd {
	path, err := m.env.Path(m.value.Value())
	if m.problem = ""; err != nil {
		m.problem = err.Error()
		return nil
	}
	format := records.NDJSON
	if strings.HasSuffix(strings.ToLower(path), ".csv") {
		format = records.CSV
	}
	st, keys, out := m.env.Store, m.views(), &writing{}
	b := m.env.Board
	v := records.Viewer{Now: b.Now, Warn: b.Policy.WarnBefore, Policy: b.Policy}
	shown := m.env.Tilde(path)
	var cmd tea.Cmd
	cmd, out.stop = m.env.Work(func(ctx context.Context) tea.Msg {
		v.Uses = func(k keystore.Key) (keystore.Uses, error) { return st.Uses(ctx, k) }
		err := records.ExportFile(ctx, path, format, v, keys, func(n int) { out.count.Store(int64(n)) })
		say := screen.Tell(screen.Say{Level: screen.OK, Text: fmt.Sprintf("exported %s to %s", text.Plural(int64(len(keys)), "key"), shown)})
		switch {
		case errors.Is(err, context.Canceled):
			say = screen.Tell(screen.Say{Text: "stopped the export; nothing is left of it"})
		case err != nil:
			say = screen.Tell(screen.Failed{Doing: "exporting to " + shown, Err: err})
		}
		return writtenMsg{out, say}
	})
	m.out, m.wrote = out, 0
	return cmd
}

// views returns the keys as they are now.
func (m Model) views() []keystore.KeyView {
	var keys []keystore.KeyView
	for _, id := range m.keys {
		if k, ok := m.env.Board.Key(id); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

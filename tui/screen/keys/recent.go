package keys

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

// recentDays is over how many days the pane shows uses.
const recentDays = 14

// recent is how much a key was used lately.
type recent struct {
	key  keystore.KeyID
	at   time.Time // by the board when it was asked for
	days []spark.Value
	sum  usage.Counts
	err  error
}

// recentMsg brings it.
type recentMsg recent

// askRecent reads how much the key in the pane was used, unless that is known:
// once a minute is enough for days.
func (m *Model) askRecent() tea.Cmd {
	v, ok := m.key()
	now, st := m.env.Board.Now, m.env.Store
	if !ok || m.PaneWidth() == 0 || m.asked.key == v.ID && now.Sub(m.asked.at).Abs() < time.Minute {
		return nil
	}
	m.asked = recent{key: v.ID, at: now}
	asked, zone := m.asked, m.env.Zone
	return m.env.Do(func(ctx context.Context) tea.Msg {
		r, err := usage.Load(ctx, st, usage.OfKeys(v.Key), usage.LastDays(now, recentDays, zone))
		if err != nil {
			asked.err = err
			return recentMsg(asked)
		}
		for _, day := range r.Days(zone) {
			asked.days = append(asked.days, spark.Value{N: day.Total(), Gap: day.Gap()})
		}
		asked.sum = r.Sum()
		return recentMsg(asked)
	})
}

// facts are the uses of late, or nothing if none are known of v.
func (r recent) facts(t theme.Theme, v keystore.KeyView, now time.Time, w int) []facts.Fact {
	label := fmt.Sprintf("%d days", recentDays)
	switch {
	case r.key != v.ID && now.Sub(v.Uses.Last.Time) < recentDays*24*time.Hour:
		return []facts.Fact{{Label: label}, {}} // their room, so that nothing jumps when they come
	case r.key != v.ID:
		return nil
	case r.err != nil:
		return []facts.Fact{{Label: label, Text: "cannot be read: " + r.err.Error(), Tone: theme.Warn}}
	case r.sum.Total() == 0:
		return nil
	}
	said := text.Count(r.sum.OK()) + " accepted"
	if denied := r.sum.Denied(); denied > 0 {
		said += fmt.Sprintf("  %.1f%% denied", 100*float64(denied)/float64(denied+r.sum.OK()))
	}
	line := spark.Line(t, theme.Accent, r.days, min(recentDays, max(1, w-10)))
	return []facts.Fact{{Label: label, Text: line, Styled: true}, facts.Of("", said)}
}

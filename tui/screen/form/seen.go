package form

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// reach is how far back callers are asked for.
const reach = 30 * 24 * time.Hour

// SeenMsg brings who used a key in the last days.
type SeenMsg struct {
	Key  keystore.KeyID
	Seen whatif.Evidence
}

// AskSeen returns the command that asks who used a key.
func AskSeen(env *screen.Env, v keystore.KeyView) tea.Cmd {
	key, now, st := v.Key, env.Board.Now, env.Store
	if key.ID == "" {
		return nil
	}
	return env.Do(func(ctx context.Context) tea.Msg {
		r, err := usage.Load(ctx, st, usage.OfKeys(key), usage.Window(now, reach))
		if err != nil {
			return screen.Failed{Doing: "reading who used " + v.Ref(), Err: err}
		}
		return SeenMsg{key.ID, evidence(r)}
	})
}

// evidence is what a report of a key's uses tells of addresses. Refusals for
// another reason than the address say nothing about address rules.
func evidence(r *usage.Report) whatif.Evidence {
	e := whatif.Evidence{From: r.From, To: r.To, Beyond: r.Beyond().OK()}
	for _, a := range r.Addresses() {
		ok, denied := a.OK(), a.Of(keystore.IPDenied)
		if ok+denied > 0 {
			e.Addresses = append(e.Addresses, whatif.Address{IP: a.IP, OK: ok, Denied: denied, First: a.First, Last: a.Last})
		}
	}
	return e
}

// Effect says in a question what a change would have meant for the uses that
// were seen; nothing, if it would have meant nothing.
func Effect(e whatif.Effect) []confirm.Line {
	quiet := len(e.Changed()) == 0 && e.Refused == 0 && e.Closes.IsZero() && e.Opens.IsZero()
	switch {
	case e.Uses == 0 && e.Admitted == 0, quiet && e.Uncertain == 0:
		return nil
	case e.Refused > 0:
		return []confirm.Line{{Text: e.String(), Tone: theme.Bad}}
	}
	return []confirm.Line{{Text: e.String(), Tone: theme.Warn}}
}

package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/tui/text"
)

// recent looks at what the last days say of the clock and of verifiers.
func (p Patient) recent(ctx context.Context, st *keystore.Store, head journal.Checkpoint) []Check {
	facts, err := lint.TakeStore(ctx, st)
	if err != nil {
		return []Check{
			{Fail, "clock", "the times of the records cannot be read: " + err.Error(), p.firstBad()},
			verifiers(ctx, st.Path(), head.Size, nil),
		}
	}
	return []Check{clock(st.Now(), facts, p.thresholds()), verifiers(ctx, st.Path(), head.Size, facts.Signs)}
}

// clock compares the clock with the times in the journal.
func clock(now time.Time, facts lint.StoreFacts, config lint.Config) Check {
	const name = "clock"
	if found := judged(lint.Snapshot{Now: now, Store: facts, Config: config}, "PAK704"); len(found) > 0 {
		return told(name, found)
	}
	said := now.Format(time.RFC3339)
	if !facts.Newest.IsZero() {
		said += ", newest record " + facts.Newest.Format(time.RFC3339)
	}
	return ok(name, "%s", said)
}

// How long a verifier that is behind is given, and the time between two looks.
const (
	patience = time.Second
	glance   = 50 * time.Millisecond
)

// verifiers looks at those that run on this machine, and at the last sign of one if
// none does.
func verifiers(ctx context.Context, store string, size int64, signs []lint.Sign) Check {
	const name = "verifiers"
	running := follow.Running(store)
	late := behind(running, size)
	for began := time.Now(); len(late) > 0 && time.Since(began) < patience && ctx.Err() == nil; late = behind(running, size) {
		pause(ctx, glance)
		running = follow.Running(store)
	}
	switch {
	case len(late) > 0:
		return Check{Fail, name, fmt.Sprintf("%d of %d decide by an old state: %d of %d records", len(late), len(running), late[0].Size, size), restart(late)}
	case len(running) > 0:
		return ok(name, "%d, as far as the journal is", len(running))
	case len(signs) == 0:
		return ok(name, "none runs here, and none has in the last days")
	}
	last := signs[len(signs)-1]
	at := last.Time.Format(time.RFC3339)
	if last.Code == journal.EventServeStop.Code {
		return Check{Warn, name, "none runs here; the last one ended at " + at, "start one: pakdeck serve"}
	}
	return Check{Fail, name, "none runs here; the last one was alive at " + at + " and did not say that it ends", "look into its log, and start it anew: pakdeck serve"}
}

func behind(running []follow.Place, size int64) []follow.Place {
	return slices.DeleteFunc(slices.Clone(running), func(v follow.Place) bool { return v.Size >= size })
}

// restart says how, with the processes as far as they are known.
func restart(late []follow.Place) string {
	var pids []string
	for _, v := range late {
		for _, h := range bolt.Holders(v.Path) {
			pids = append(pids, fmt.Sprint(h.PID))
		}
	}
	if len(pids) == 0 {
		return "end what hangs, and start it anew: pakdeck serve"
	}
	return "end " + text.Plural(len(pids), "verifier") + " and start anew: kill " + strings.Join(pids, " ")
}

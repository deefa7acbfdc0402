package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// What anybody can cause must not fill a disk: one line a minute for each
// network and outcome, and mostLines a minute in all.
const mostLines = 256

// mostRoute bounds what a line holds of a route, in bytes.
const mostRoute = 256

// subject is what lines are counted by.
type subject struct {
	network netip.Prefix
	text    string
}

// logbook writes a bounded log.
type logbook struct {
	log *slog.Logger
	now func() time.Time

	mu     sync.Mutex
	minute int64
	seen   map[subject]struct{}
	hushed int // lines that were not written in this minute
}

func newLogbook(log *slog.Logger, now func() time.Time) *logbook {
	return &logbook{log: log, now: now, seen: map[subject]struct{}{}}
}

// admit reports whether a line about a subject may be written, and how many
// were not in the minute that has just ended.
func (b *logbook) admit(s subject) (ok bool, hushed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if minute := b.now().Unix() / 60; minute != b.minute {
		b.minute, hushed, b.hushed = minute, b.hushed, 0
		clear(b.seen)
	}
	if _, seen := b.seen[s]; seen || len(b.seen) >= mostLines {
		b.hushed++
		return false, hushed
	}
	b.seen[s] = struct{}{}
	return true, hushed
}

func (b *logbook) write(s subject, level slog.Level, msg string, attrs func() []slog.Attr) {
	ok, hushed := b.admit(s)
	if hushed > 0 {
		b.log.Info("similar lines of the last minute were left out", "lines", hushed)
	}
	if ok {
		b.log.LogAttrs(context.Background(), level, msg, attrs()...)
	}
}

// refused logs a request that was not let through.
func (b *logbook) refused(r *http.Request, no httpauth.Refusal) {
	what := string(no.Outcome)
	if what == "" {
		what = no.Code
	}
	level := slog.LevelInfo
	if no.Err != nil || no.Status >= 500 {
		level = slog.LevelWarn
	}
	b.write(subject{verify.Network(no.Addr), what}, level, "refused", func() []slog.Attr {
		return refusalAttrs(what, r, no)
	})
}

func refusalAttrs(what string, r *http.Request, no httpauth.Refusal) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("outcome", what), slog.Int("status", no.Status),
		slog.String("route", no.Route[:min(len(no.Route), mostRoute)]),
	}
	if no.Addr.IsValid() {
		attrs = append(attrs, slog.String("ip", no.Addr.String()))
	} else {
		attrs = append(attrs, slog.String("peer", r.RemoteAddr)) // to find the proxy that does not tell
	}
	if !no.Secret.IsZero() {
		attrs = append(attrs, slog.String("secret", no.Secret.String()))
	}
	if no.Err != nil {
		attrs = append(attrs, slog.String("error", no.Err.Error()))
	}
	return attrs
}

// warn logs what went wrong in the background.
func (b *logbook) warn(err error) {
	b.write(subject{text: err.Error()}, slog.LevelWarn, "warning", func() []slog.Attr {
		return []slog.Attr{slog.String("error", err.Error())}
	})
}

// info logs that something is well again.
func (b *logbook) info(text string) {
	b.write(subject{text: text}, slog.LevelInfo, text, func() []slog.Attr { return nil })
}

// Write takes the lines of net/http's own log. They differ in addresses, so
// they are counted by what stands before the first digit.
func (b *logbook) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	kind, _, _ := strings.Cut(text, "\n")
	if i := strings.IndexAny(kind, "0123456789"); i >= 0 {
		kind = kind[:i]
	}
	b.write(subject{text: kind}, slog.LevelWarn, "http server", func() []slog.Attr {
		return []slog.Attr{slog.String("error", text)}
	})
	return len(line), nil
}

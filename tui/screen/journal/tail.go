package journal

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
)

const (
	page = 200  // records read at once
	most = 5000 // records kept
	near = 40   // rows before the end at which the next page is read
)

// tail is the part of the journal that was read: records that the filter
// selects, newest first, without gaps.
type tail struct {
	entries []trail.Entry
	upto    int64 // records numbered below it were looked at
	next    int64 // where older ones are to be looked for, or -1
	cut     bool  // newer ones were let go of to make room
}

// find returns the record of a number.
func (t tail) find(seq int64) (trail.Entry, bool) {
	i, ok := slices.BinarySearchFunc(t.entries, seq, func(e trail.Entry, seq int64) int {
		return int(seq - e.Seq)
	})
	if !ok {
		return trail.Entry{}, false
	}
	return t.entries[i], true
}

// reading is what a page is for.
type reading uint8

const (
	anew  reading = iota // from the newest record
	older                // behind the oldest that was read
	newer                // before the newest
)

// pageMsg brings a page.
type pageMsg struct {
	tag    *int
	serial int
	what   reading
	page   trail.Page
	upto   int64
	err    error
}

// read returns the command that reads a page.
func (m Model) read(what reading) tea.Cmd {
	st, t := m.env.Store, m.tail
	answer := pageMsg{tag: m.tag, serial: m.serial, what: what}
	// The filter is read here, so that "since:7d" is meant from now.
	f, err := trail.Parse(m.filter, m.env.Board.Now)
	return m.env.Do(func(ctx context.Context) tea.Msg {
		switch {
		case err != nil:
			answer.err = err
		case what == older:
			answer.page, answer.err = trail.Backwards(ctx, st, f, t.next, page)
		case what == newer:
			answer.page, answer.err = trail.Forwards(ctx, st, f, t.upto, most)
			answer.upto = answer.page.Next
			slices.Reverse(answer.page.Entries)
		default:
			head, err := st.Head(ctx)
			if err != nil || head.Size == 0 {
				answer.err, answer.page.Next = err, -1
				break
			}
			answer.upto = head.Size
			answer.page, answer.err = trail.Backwards(ctx, st, f, head.Size-1, page)
		}
		return answer
	})
}

// begin starts a reading, and makes the answers to earlier ones stale.
func (m *Model) begin(what reading) tea.Cmd {
	m.reading = true
	m.serial++
	return m.read(what)
}

// arrived takes a page.
func (m *Model) arrived(msg pageMsg) tea.Cmd {
	if msg.tag != m.tag || msg.serial != m.serial {
		return nil
	}
	m.reading, m.problem = false, ""
	if msg.err != nil {
		m.problem = msg.err.Error()
		m.list()
		return nil
	}
	top := m.Table.Index() <= 0
	m.tail.take(msg)
	m.list()
	if top && msg.what != older {
		m.Table.MoveTo(0)
	}
	m.show()
	return m.follow()
}

func (t *tail) take(msg pageMsg) {
	switch msg.what {
	case anew:
		*t = tail{entries: msg.page.Entries, upto: msg.upto, next: msg.page.Next}
	case older:
		t.entries = append(slices.Clip(t.entries), msg.page.Entries...)
		t.next = msg.page.Next
		if over := len(t.entries) - most; over > 0 {
			t.entries, t.cut = slices.Clone(t.entries[over:]), true
		}
	case newer:
		t.entries = slices.Concat(msg.page.Entries, t.entries)
		t.upto = msg.upto
		if over := len(t.entries) - most; over > 0 {
			oldest := t.entries[most]
			t.entries, t.next = slices.Clone(t.entries[:most]), oldest.Seq
		}
	}
}

// follow returns the command that reads what is wanted now, if anything: new
// records while the cursor is at the top, older ones when it comes near the
// end, all anew if the journal is not the one that was read.
func (m *Model) follow() tea.Cmd {
	head := m.env.Board.Head.Size
	i, n := m.Table.Index(), len(m.tail.entries)
	switch {
	case m.reading || m.problem != "":
		return nil
	case head < m.tail.upto, i <= 0 && !m.still && (m.tail.cut || head-m.tail.upto > most):
		return m.begin(anew)
	case i <= 0 && head > m.tail.upto && !m.still:
		return m.begin(newer)
	case m.tail.next >= 0 && n-i <= max(near, m.H):
		return m.begin(older)
	}
	return nil
}

// resume reads anew what was being read when another screen was shown.
func (m *Model) resume() tea.Cmd {
	if m.reading {
		return tea.Batch(m.begin(anew), m.job.watch())
	}
	return tea.Batch(m.follow(), m.job.watch())
}

// unread is how many records were written since the newest that was looked at.
func (m Model) unread() int64 { return max(0, m.env.Board.Head.Size-m.tail.upto) }

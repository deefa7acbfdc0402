package table

import "maps"

// WithoutMarks makes a list in which nothing can be marked.
func WithoutMarks() Option {
	return func(m *Model) {
		m.KeyMap.Mark.SetEnabled(false)
		m.KeyMap.Range.SetEnabled(false)
		m.KeyMap.MarkAll.SetEnabled(false)
		m.KeyMap.Cancel.SetEnabled(false)
	}
}

// Ranging reports whether a range is being marked.
func (m Model) Ranging() bool { return m.ranging }

// mark ends a range, or else toggles the mark of the cursor's row and moves
// on, so that space, space, space marks three rows.
func (m *Model) mark() {
	switch {
	case m.source.Len() == 0:
	case m.ranging:
		m.toggleRange()
	default:
		m.SetMark(m.cursorID, !m.Marked(m.cursorID))
		m.MoveTo(m.cursor + 1)
	}
}

// toggleRange begins a range at the cursor, or marks the rows from where it
// began to the cursor.
func (m *Model) toggleRange() {
	if m.source.Len() == 0 {
		return
	}
	if !m.ranging {
		m.ranging, m.anchor, m.anchorID = true, m.cursor, m.cursorID
		return
	}
	first, last := m.span()
	m.ranging = false
	m.markRows(first, last)
}

// span returns the first and last row of the range being marked.
func (m Model) span() (first, last int) {
	return min(m.anchor, m.cursor), max(m.anchor, m.cursor)
}

// MarkAll marks every row there is now, or unmarks all if all are marked.
func (m *Model) MarkAll() {
	before := len(m.marks)
	m.markRows(0, m.source.Len()-1)
	if len(m.marks) == before {
		m.ClearMarks()
	}
}

// markRows marks rows on a copy, because other values of the table share the
// old marks.
func (m *Model) markRows(first, last int) {
	marks := make(map[string]struct{}, len(m.marks)+last-first+1)
	maps.Copy(marks, m.marks)
	for i := first; i <= last; i++ {
		marks[m.source.ID(i)] = struct{}{}
	}
	m.marks = marks
}

// SetMark marks or unmarks the row with the given id, which need not be shown.
func (m *Model) SetMark(id string, on bool) {
	marks := make(map[string]struct{}, len(m.marks)+1)
	maps.Copy(marks, m.marks)
	if on {
		marks[id] = struct{}{}
	} else {
		delete(marks, id)
	}
	m.marks = marks
}

// AnyMark reports whether is holds for a marked row. It looks at no more of them
// than it has to, so that it can be asked with every frame.
func (m Model) AnyMark(is func(id string) bool) bool {
	for id := range m.marks {
		if is(id) {
			return true
		}
	}
	return false
}

// ClearMarks unmarks all rows and ends a range.
func (m *Model) ClearMarks() { m.marks, m.ranging = nil, false }

// Prune drops the marks of rows that are not in the source any more.
func (m *Model) Prune() {
	kept := make(map[string]struct{}, len(m.marks))
	for i := range m.source.Len() {
		if id := m.source.ID(i); m.Marked(id) {
			kept[id] = struct{}{}
		}
	}
	m.marks = kept
}

// Busy reports whether esc means something to the table: there are marks or a
// range. An owner asks before it takes esc for itself.
func (m Model) Busy() bool { return m.ranging || len(m.marks) > 0 }

func (m *Model) cancel() {
	if m.ranging {
		m.ranging = false
		return
	}
	m.ClearMarks()
}

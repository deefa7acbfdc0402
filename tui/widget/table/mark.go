package table

import "iter"

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

// EndRange marks the rows of a range under way: they look marked already, so an
// owner calls it before it does something to what is marked.
func (m *Model) EndRange() {
	if m.ranging {
		m.toggleRange()
	}
}

// RangeLen returns how many rows the range under way has, 0 without one.
func (m Model) RangeLen() int {
	if !m.ranging {
		return 0
	}
	first, last := m.span()
	return last - first + 1
}

// mark ends a range, or else toggles the mark of the cursor's row and moves
// on, so that space, space, space marks three rows.
func (m *Model) mark() {
	switch {
	case m.source.Len() == 0:
	case m.ranging:
		m.toggleRange()
	default:
		number := m.numbers.Number(m.cursor)
		m.marks = m.marks.with(!m.marks.has(number), one(number))
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
	before := m.marks.count
	m.markRows(0, m.source.Len()-1)
	if m.marks.count == before {
		m.ClearMarks()
	}
}

func (m *Model) markRows(first, last int) {
	m.marks = m.marks.with(true, func(yield func(int) bool) {
		for i := first; i <= last && yield(m.numbers.Number(i)); i++ {
		}
	})
}

func one(number int) iter.Seq[int] { return func(yield func(int) bool) { yield(number) } }

// MarkedAt reports whether row i is marked.
func (m Model) MarkedAt(i int) bool { return m.marks.has(m.numbers.Number(i)) }

// Marked returns the numbers of the marked rows, in their order; see [Numbered].
// They need not be listed.
func (m Model) Marked() iter.Seq[int] { return m.marks.all() }

// MarkCount returns how many rows are marked.
func (m Model) MarkCount() int { return m.marks.count }

// renumber finds the marked rows again under the numbers that they have now.
// What is gone for good is not marked any more.
func (m *Model) renumber(old Numbered) {
	if m.marks.count == 0 || old.Numbering() == m.numbers.Numbering() {
		return
	}
	before := m.marks
	m.marks = marks{}.with(true, func(yield func(int) bool) {
		for number := range before.all() {
			if number, ok := m.numbers.NumberOf(old.Named(number)); ok && !yield(number) {
				return
			}
		}
	})
}

// ClearMarks unmarks all rows and ends a range.
func (m *Model) ClearMarks() { m.marks, m.ranging = marks{}, false }

// Busy reports whether esc means something to the table: there are marks or a
// range. An owner asks before it takes esc for itself.
func (m Model) Busy() bool { return m.ranging || m.marks.count > 0 }

func (m *Model) cancel() {
	if m.ranging {
		m.ranging = false
		return
	}
	m.ClearMarks()
}

package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

var look = theme.New(theme.Dark, theme.Unicode())

var columns = []table.Column{
	{Title: "NAME", Width: 19, Min: 10, Flex: 1},
	{Title: "KEY", Width: 9, Priority: 2},
	{Title: "STATE", Width: 9},
	{Title: "EXPIRES", Width: 9, Right: true},
	{Title: "SEEN", Width: 5, Right: true, Priority: 3},
	{Title: "!", Width: 1, Priority: 1},
}

func row(id, name, state, expires string) table.Row {
	tone := map[string]theme.Tone{"active": theme.Good, "expiring": theme.Warn, "expired": theme.Bad}[state]
	return table.Row{ID: id, Cells: []table.Cell{
		{Text: name}, {Text: "pak_…" + id}, {Text: state, Tone: tone}, {Text: expires, Tone: theme.Muted}, {Text: "3m"}, {Text: "1"},
	}}
}

func mixed() table.Rows {
	return table.Rows{
		row("7Qx2", "ci-deploy-staging", "expiring", "2d 4h"),
		row("p0Kd", "metrics-pusher", "expiring", "6d"),
		row("Zt9s", "支払い-worker-with-a-long-name", "active", "90d"),
		row("mm41", "evil\x1b[2J\u202ename", "active", "29d"),
		row("kk8P", "old-mobile-app", "expired", "-14d"),
	}
}

// many is a source of n rows that are made when asked for, and counts that.
type many struct {
	n     int
	asked *int
}

func (m many) Len() int        { return m.n }
func (m many) ID(i int) string { return fmt.Sprintf("id-%d", i) }
func (m many) Row(i int) []table.Cell {
	if m.asked != nil {
		*m.asked++
	}
	return []table.Cell{{Text: fmt.Sprintf("key-%d", i)}, {Text: "pak_…7Qx2"}, {Text: "active", Tone: theme.Good}, {Text: "90d"}}
}

// marked returns the ids of the listed rows that are marked.
func marked(m table.Model, rows table.Source) string {
	var ids []string
	for i := range rows.Len() {
		if m.MarkedAt(i) {
			ids = append(ids, rows.ID(i))
		}
	}
	return strings.Join(ids, " ")
}

// made returns a table of the given size with rows.
func made(s table.Source, w, h int, opts ...table.Option) table.Model {
	m := table.New(look, columns, opts...)
	m.SetSize(w, h)
	m.SetSource(s)
	return m
}

// start shows a table that fills the screen.
func start(t *testing.T, m *table.Model, w, h int, opts ...tuitest.Option) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, h int) { m.SetSize(w, h) },
	}.Model(), w, h, opts...)
}

func TestGoldenAtSeveralWidths(t *testing.T) {
	for _, w := range []int{100, 66, 50, 36, 20} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := made(mixed(), w, 8)
				m.SetSort(3, false)
				s := start(t, &m, w, 8)
				s.Press("j", "space", "space")
				s.Golden(fmt.Sprintf("mixed-%d", w))
				if got := s.Reversed(); len(got) != 1 || !strings.HasPrefix(got[0], ">  evil") {
					t.Errorf("in reverse video: %q, want the row of the cursor", got)
				}
			})
		})
	}
}

func TestKeysMoveTheCursor(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want int
	}{
		{[]string{"j"}, 1},
		{[]string{"down", "down", "k"}, 1},
		{[]string{"k"}, 0},
		{[]string{"up"}, 0},
		{[]string{"pgdown"}, 8},
		{[]string{"ctrl+d", "ctrl+u"}, 0},
		{[]string{"pgdown", "pgup", "pgup"}, 0},
		{[]string{"G"}, 999},
		{[]string{"end", "j", "pgdown"}, 999},
		{[]string{"G", "g"}, 0},
		{[]string{"end", "home"}, 0},
		{[]string{"G", "pgup"}, 991},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := made(many{n: 1000}, 60, 10)
			s := start(t, &m, 60, 10)
			s.Press(c.keys...)
			if m.Index() != c.want || m.Selected() != fmt.Sprintf("id-%d", c.want) {
				t.Errorf("%v leads to row %d, id %s, want row %d", c.keys, m.Index(), m.Selected(), c.want)
			}
			name := fmt.Sprintf("key-%d", c.want)
			_, y := s.Find(name + " ")
			cx, cy, visible := s.Cursor()
			if y < 1 || cy != y || cx != 0 || !visible {
				t.Errorf("%v: %s is on line %d, the real cursor at %d,%d (%v)", c.keys, name, y, cx, cy, visible)
			}
		})
	}
}

func TestAPageKeepsTheCursorOnItsLine(t *testing.T) {
	m := made(many{n: 1000}, 60, 10)
	m.MoveTo(4)
	before := m.Cursor().Y
	m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyPgDown})
	if got := m.Cursor().Y; got != before || m.Index() != 12 {
		t.Errorf("line %d, row %d; want line %d, row 12", got, m.Index(), before)
	}
}

func TestOnlyVisibleRowsAreAskedFor(t *testing.T) {
	asked := 0
	m := made(many{n: 1_000_000, asked: &asked}, 100, 30)
	m.MoveTo(500_000)
	m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	if asked != 0 {
		t.Errorf("moving asked for %d rows", asked)
	}
	if m.View(); asked != 29 {
		t.Errorf("a view asked for %d rows, want the 29 visible", asked)
	}
}

func TestTheCursorStaysOnItsRowWhenTheListChanges(t *testing.T) {
	rows := mixed()
	m := made(rows, 60, 10)
	m.Select("Zt9s")
	slices.Reverse(rows)
	for _, c := range []struct {
		name string
		rows table.Rows
		want string
	}{
		{"sorted the other way", rows, "Zt9s"},
		{"rows before it are gone", rows[2:], "Zt9s"},
		{"rows before it are new", append(table.Rows{row("new1", "a", "", ""), row("new2", "b", "", "")}, rows...), "Zt9s"},
		{"it is gone", slices.Concat(rows[:2], rows[3:]), "p0Kd"},
		{"all but one are gone", rows[:1], "kk8P"},
		{"all are gone", nil, ""},
	} {
		m := m
		m.SetSource(c.rows)
		if got := m.Selected(); got != c.want {
			t.Errorf("%s: the cursor is on %q, want %q", c.name, got, c.want)
		}
		if m.Index() >= len(c.rows) {
			t.Errorf("%s: row %d of %d", c.name, m.Index(), len(c.rows))
		}
	}
}

func TestARefreshDoesNotMoveTheView(t *testing.T) {
	m := made(many{n: 1000}, 60, 10)
	m.MoveTo(500)
	m.MoveTo(495)
	line := m.Cursor().Y
	m.SetSource(many{n: 900})
	first, _ := m.Window()
	if m.Cursor().Y != line || first != 492 {
		t.Errorf("the cursor went from line %d to %d, first row %d", line, m.Cursor().Y, first)
	}
}

func TestResizeKeepsTheSelectionInView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := made(many{n: 1000}, 60, 30)
		s := start(t, &m, 60, 30)
		s.Press("pgdown", "j", "j")
		want := m.Selected()
		for _, size := range [][2]int{{60, 10}, {30, 4}, {100, 30}, {5, 2}, {60, 20}} {
			s.Resize(size[0], size[1])
			if m.Selected() != want {
				t.Fatalf("at %v the cursor is on %s, want %s", size, m.Selected(), want)
			}
			if len(s.Reversed()) != 1 {
				t.Errorf("at %v the cursor's row is not in view", size)
			}
		}
	})
}

func TestNoSizeIsFatal(t *testing.T) {
	for w := range 12 {
		for h := range 5 {
			for _, src := range []table.Source{table.Rows(nil), mixed(), many{n: 3}} {
				m := made(src, w, h)
				m.SetSort(0, true)
				lines := m.Lines()
				if len(lines) != h {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				for _, line := range lines {
					if text.Width(line) != w {
						t.Errorf("%dx%d: line %q takes %d cells", w, h, line, text.Width(line))
					}
				}
			}
		}
	}
}

func TestColumnsDropByPriorityAndFill(t *testing.T) {
	for _, c := range []struct {
		w    int
		want string
	}{
		{90, "NAME KEY STATE EXPIRES SEEN !"},
		{58, "NAME KEY STATE EXPIRES SEEN !"},
		{52, "NAME KEY STATE EXPIRES !"},
		{42, "NAME STATE EXPIRES !"},
		{35, "NAME STATE EXPIRES"},
		{24, "NAME STATE"},
		{8, "NAME"},
	} {
		m := made(mixed(), c.w, 5)
		if got := strings.Join(strings.Fields(ansi.Strip(m.Lines()[0])), " "); got != c.want {
			t.Errorf("%d columns show %q, want %q", c.w, got, c.want)
		}
		for _, line := range m.Lines() {
			if text.Width(line) != c.w {
				t.Errorf("%d: line %q takes %d", c.w, line, text.Width(line))
			}
		}
	}
}

func TestFlexibleColumnsShareTheRest(t *testing.T) {
	m := table.New(look, []table.Column{{Title: "A", Width: 4, Flex: 1}, {Title: "B", Width: 4, Flex: 2}, {Title: "C", Width: 4}})
	m.SetSize(3+12+4+9, 2)
	m.SetSource(table.Rows{{ID: "1", Cells: []table.Cell{{Text: "a"}, {Text: "b"}, {Text: "c"}}}})
	m.Blur()
	if got, want := m.Lines()[1], ">  a        b           c   "; got != want {
		t.Errorf("row %q, want %q", got, want)
	}
}

func TestHostileTextDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := made(mixed(), 80, 8)
		s := start(t, &m, 80, 8)
		if !s.Contains(`evil\x1b[2J\u202en`) {
			t.Errorf("the escapes are not visible:\n%s", s.Text())
		}
		_, y := s.Find("evil")
		if !strings.HasPrefix(s.Line(y), `   evil\x1b[2J`) || strings.TrimSpace(s.Line(y+1)) == "" {
			t.Errorf("the rows around it moved:\n%s", s.Text())
		}
	})
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"space marks and goes on", []string{"space", "space"}, "id-0 id-1"},
		{"space again unmarks", []string{"space", "k", "space"}, ""},
		{"range downwards", []string{"j", "V", "j", "j", "V"}, "id-1 id-2 id-3"},
		{"range upwards, ended by space", []string{"j", "j", "j", "V", "k", "space"}, "id-2 id-3"},
		{"a range adds", []string{"space", "j", "V", "j", "V"}, "id-0 id-2 id-3"},
		{"esc drops the range, not the marks", []string{"space", "V", "j", "esc"}, "id-0"},
		{"esc again drops the marks", []string{"space", "V", "j", "esc", "esc"}, ""},
		{"all", []string{"*"}, "id-0 id-1 id-2 id-3 id-4"},
		{"all again is none", []string{"*", "*"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := made(many{n: 5}, 60, 10)
				s := start(t, &m, 60, 10)
				s.Press(c.keys...)
				if got := marked(m, many{n: 5}); got != c.want || m.MarkCount() != len(strings.Fields(c.want)) {
					t.Errorf("marked: %q, want %q", got, c.want)
				}
				if got := strings.Count(s.Text(), "x key-"); got != m.MarkCount() {
					t.Errorf("%d marks are drawn for %d\n%s", got, m.MarkCount(), s.Text())
				}
				if m.Busy() != (c.want != "") {
					t.Errorf("busy: %v", m.Busy())
				}
			})
		})
	}
}

func TestARangeIsVisibleWhileItGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := made(many{n: 9}, 60, 12)
		s := start(t, &m, 60, 12)
		s.Press("j", "V", "j")
		if !m.Ranging() || strings.Count(s.Text(), "x key-") != 2 || m.MarkCount() != 0 {
			t.Errorf("two rows should look marked:\n%s", s.Text())
		}
	})
}

func TestMarksBelongToRows(t *testing.T) {
	rows := mixed()
	m := made(rows, 60, 10)
	press := func(k string) { m, _ = m.Update(tea.KeyPressMsg{Code: []rune(k)[0], Text: k}) }
	m.Select("p0Kd")
	press(" ")
	m.Select("kk8P")
	press(" ")
	old := m
	m.SetSource(rows[:2])
	if marked(m, rows[:2]) != "p0Kd" || m.MarkCount() != 2 {
		t.Errorf("a filter took marks: %d left", m.MarkCount())
	}
	m.SetSource(rows)
	m.Select("p0Kd")
	press(" ")
	if marked(m, rows) != "kk8P" || marked(old, rows) != "p0Kd kk8P" {
		t.Errorf("marks are shared between values: %q, %q", marked(m, rows), marked(old, rows))
	}
}

// numbered is rows whose numbers are their places in a list of all.
type numbered struct {
	table.Rows
	all []string
}

func (n numbered) Number(i int) int        { return slices.Index(n.all, n.ID(i)) }
func (n numbered) Named(number int) string { return n.all[number] }
func (n numbered) Numbering() any          { return &n.all[0] }
func (n numbered) NumberOf(id string) (int, bool) {
	i := slices.Index(n.all, id)
	return i, i >= 0
}

func TestMarksFollowNewNumbers(t *testing.T) {
	ids := func(rows table.Rows) (out []string) {
		for _, r := range rows {
			out = append(out, r.ID)
		}
		return out
	}
	rows := mixed()
	m := made(numbered{rows[1:4], ids(rows)}, 60, 10)
	m.MarkAll()
	if got := slices.Collect(m.Marked()); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("marked numbers %v", got)
	}
	fewer := table.Rows{rows[4], rows[3], rows[1], rows[0]}
	m.SetSource(numbered{fewer, ids(fewer)})
	if got := marked(m, fewer); got != "mm41 p0Kd" || m.MarkCount() != 2 {
		t.Errorf("marked %q, %d in all", got, m.MarkCount())
	}
}

func TestARangeSurvivesASortByItsRows(t *testing.T) {
	rows := mixed()
	m := made(rows, 60, 10)
	m.MoveTo(1)
	m, _ = m.Update(tea.KeyPressMsg{Code: 'v', Text: "V"})
	m.MoveTo(2)
	slices.Reverse(rows)
	m.SetSource(rows)
	m, _ = m.Update(tea.KeyPressMsg{Code: 'v', Text: "V"})
	if got := marked(m, rows); got != "Zt9s p0Kd" {
		t.Errorf("marked %q", got)
	}
	m.SetSource(table.Rows{})
	for _, k := range []string{"V", " ", "*"} {
		m, _ = m.Update(tea.KeyPressMsg{Code: []rune(k)[0], Text: k})
	}
	if m.Ranging() {
		t.Error("a range in an empty table")
	}
}

func TestEmptyTableSaysWhatToPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := made(table.Rows(nil), 60, 6, table.WithEmpty("no keys yet: n makes one"))
		s := start(t, &m, 60, 6)
		s.Press("j", "G", "space", "V", "*", "pgdown")
		if got := s.Line(1); got != "   no keys yet: n makes one" {
			t.Errorf("line %q", got)
		}
		if m.Index() != -1 || m.Selected() != "" || m.Cursor() != nil || m.Select("x") {
			t.Error("something is selected in an empty table")
		}
		m.SetEmpty("no match for \x1b")
		s.Press("j")
		if got := s.Line(1); got != `   no match for \x1b` {
			t.Errorf("line %q", got)
		}
	})
}

func TestABlurredTableKeepsItsSign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := made(mixed(), 60, 8)
		s := start(t, &m, 60, 8)
		m.Blur()
		s.Press("j")
		if len(s.Reversed()) != 0 || !s.Contains(">  metrics-pusher") || m.Cursor() != nil || m.Focused() {
			t.Errorf("blurred:\n%s", s.Text())
		}
		m.Focus()
		s.Press("j")
		if len(s.Reversed()) != 1 {
			t.Error("the focus does not come back")
		}
	})
}

func TestRestIsToldOnceTheCursorStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, other := made(many{n: 50}, 60, 10, table.WithRest(time.Second)), made(many{n: 50}, 60, 10, table.WithRest(time.Second))
		var rested []string
		s := tuitest.Start(t, tuitest.Host{
			Update: func(msg tea.Msg) (cmd tea.Cmd) {
				if other.Rested(msg) {
					t.Error("another table's rest was taken for its own")
				}
				if m.Rested(msg) {
					rested = append(rested, m.Selected())
				}
				m, cmd = m.Update(msg)
				return cmd
			},
			View: func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		}.Model(), 60, 10)
		s.Press("j", "j", "j")
		s.Advance(2 * time.Second)
		s.Press("k", "?")
		s.Advance(2 * time.Second)
		if want := []string{"id-3", "id-2"}; !slices.Equal(rested, want) {
			t.Errorf("rested on %v, want %v", rested, want)
		}
	})
}

func TestAJumpScrollsByManyRows(t *testing.T) {
	m := made(many{n: 100}, 60, 11, table.WithJump(4))
	m.MoveTo(9)
	m.MoveTo(10)
	if first, end := m.Window(); first != 4 || end != 14 {
		t.Errorf("rows %d to %d are shown, want 4 to 14", first, end)
	}
	m.MoveTo(3)
	if first, _ := m.Window(); first != 0 {
		t.Errorf("first row %d, want 0", first)
	}
	m.MoveTo(99)
	if first, end := m.Window(); first != 90 || end != 100 {
		t.Errorf("rows %d to %d at the end", first, end)
	}
}

func TestMouse(t *testing.T) {
	m := made(many{n: 100}, 60, 11)
	m.MoveTo(20)
	first, _ := m.Window()
	for y, want := range map[int]int{1: first, 10: first + 9} {
		if got, ok := m.RowAt(y); got != want || !ok {
			t.Errorf("line %d is row %d, %v, want %d", y, got, ok, want)
		}
	}
	for _, y := range []int{-1, 0, 11} {
		if _, ok := m.RowAt(y); ok {
			t.Errorf("line %d is no row", y)
		}
	}
	m, _ = m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	m, _ = m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	m, _ = m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if m.Index() != 23 {
		t.Errorf("the wheel leads to row %d, want 23", m.Index())
	}
}

func TestThemeAndColumnsCanChange(t *testing.T) {
	m := made(mixed(), 60, 8)
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	m.SetColumns([]table.Column{{Title: "ONLY", Width: 10}})
	if lines := m.Lines(); !strings.Contains(lines[0], "ONLY") || strings.Contains(lines[0], "NAME") {
		t.Errorf("header %q", lines[0])
	}
	m.SetSort(0, true)
	if !strings.Contains(m.Lines()[0], "ONLY v") {
		t.Errorf("header %q does not show the order", m.Lines()[0])
	}
}

func TestBindingsAreComplete(t *testing.T) {
	for _, b := range table.DefaultKeyMap().Bindings() {
		if !b.Enabled() || b.Help().Key == "" || b.Help().Desc == "" {
			t.Errorf("binding %v has no help", b.Keys())
		}
		for _, k := range b.Keys() {
			if k == "ctrl+a" || k == "ctrl+b" {
				t.Errorf("%s belongs to a multiplexer", k)
			}
		}
	}
}

// varied returns rows of which no two neighbours look alike, so that the
// renderer finds little to leave out.
func varied(n int) table.Rows {
	names := []string{"ci-deploy-staging", "metrics-pusher", "backup-agent", "billing-export", "edge-gateway-eu", "grafana-ro", "partner-acme"}
	states := []string{"active", "expiring", "rotating", "disabled", "expired"}
	var rows table.Rows
	for i := range n {
		rows = append(rows, row(fmt.Sprintf("%04x", i*40503%65536), fmt.Sprintf("%s-%d", names[i%7], i*7919%1000), states[i%5], fmt.Sprintf("%dd", i*31%365)))
	}
	return rows
}

// TestBytesPerMove guards what a key press costs over a slow link.
func TestBytesPerMove(t *testing.T) {
	for name, profile := range map[string]colorprofile.Profile{"mono": colorprofile.ASCII, "256 colours": colorprofile.ANSI256} {
		synctest.Test(t, func(t *testing.T) {
			m := made(varied(1000), 100, 30)
			s := start(t, &m, 100, 30, tuitest.Colors(profile))
			s.TakeBytes()
			s.Press("j")
			move := len(s.TakeBytes())
			m.MoveTo(500)
			s.Press("j", "j")
			s.TakeBytes()
			s.Press("j")
			scroll := len(s.TakeBytes())
			t.Logf("%s: %d bytes a move, %d bytes a scroll", name, move, scroll)
			if move > 250 || scroll > 250 {
				t.Errorf("%s: a move writes %d bytes, a scroll %d; want at most 250", name, move, scroll)
			}
		})
	}
}

func BenchmarkView1M(b *testing.B) {
	m := made(many{n: 1_000_000}, 100, 30)
	m.MoveTo(500_000)
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}

func BenchmarkMove1M(b *testing.B) {
	m := made(many{n: 1_000_000}, 100, 30)
	b.ReportAllocs()
	for b.Loop() {
		m, _ = m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	}
}

func BenchmarkRefreshVanished1M(b *testing.B) {
	m := made(many{n: 1_000_000}, 100, 30)
	for b.Loop() {
		m.Select("gone")
	}
}

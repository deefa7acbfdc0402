package tui

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// The clocks of processor time: that of this thread is what somebody waits for,
// that of the process has the commands under way and the garbage collector too.
const (
	thread  = unix.CLOCK_THREAD_CPUTIME_ID
	process = unix.CLOCK_PROCESS_CPUTIME_ID
)

func spent(tb testing.TB, clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(t.Nano())
}

// special are the keys of a script that are no characters.
var special = map[string]rune{
	"esc": tea.KeyEscape, "enter": tea.KeyEnter, "tab": tea.KeyTab, "back": tea.KeyBackspace, "down": tea.KeyDown,
	"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "space": tea.KeySpace,
}

// typed are the messages of a script of words: the name of a special key, or
// characters.
func typed(script string) []tea.Msg {
	var out []tea.Msg
	for _, word := range strings.Fields(script) {
		if code, ok := special[word]; ok {
			press := tea.KeyPressMsg{Code: code}
			if code == tea.KeySpace {
				press.Text = " "
			}
			out = append(out, press)
			continue
		}
		for _, r := range word {
			out = append(out, key(r))
		}
	}
	return out
}

// presses are what an operator presses, by the kind of work that it makes.
var presses = []struct {
	name   string
	before []tea.Msg // not counted
	script []tea.Msg
}{
	{"move", nil, typed("jjjjjjjjjjkkkkkkkkkk")},
	{"page", nil, typed("pgdown pgdown pgdown pgup pgup G k g j")},
	{"mark", nil, typed("space space space V j j V esc esc")},
	{"mark-all", nil, typed("* j space * * esc")},
	{"act-on-all", nil, typed("* x esc X leaked enter esc")},
	{"range", nil, typed("g V G V esc")},
	{"bulk-of-all", typed("*"), typed("b 30d tab esc")},
	{"rotate-all", typed("*"), typed("r tab n p S tab back esc esc")},
	{"incident-all", typed("* : incident enter"), typed("j X esc r n esc")},
	{"sort", nil, typed("o O")},
	{"filter", nil, typed("/ key-0 back back back back back 99 enter esc / deploy esc / ~k9 esc / user-07 space state:expiring space !key-09 esc / expires:<30d enter esc / 1 enter esc")},
	{"filter-field", nil, typed("/ scope:a:b esc / allow:10.0.0.1 esc / seen:>30d esc / ip:10.0.0.0/8 esc / id:0001 esc")},
	{"revoked", nil, typed("h h")},
	{"open", nil, typed("enter j esc j enter esc")},
	{"clone", nil, typed("c esc")},
	{"edit", nil, typed("e x back esc i esc E esc t esc u esc")},
	{"tab", nil, typed("2 3 4 5 1")},
	{"usage", typed("3"), typed("j o O G g")},
	{"journal", typed("4"), typed("/ actor:root back enter j esc")},
	{"review", nil, typed("R j esc")},
	{"palette", nil, typed(": keys/key-0999 back back esc : sort esc : users/user-07 esc : k esc")},
	{"help", nil, typed("? j j esc")},
	{"lint", typed("5"), typed("j j G g / key-09 back enter esc * j esc b k")},
	{"users", typed("2"), typed("/ user-0 back 7 enter o O j esc")},
	{"wizard", []tea.Msg{screen.Go{Place: screen.Wizard}}, typed("user-07 tab ci-deploy tab rolls space out back back back tab tab back back")},
}

// dashboard is one whose costs are counted.
type dashboard struct {
	tea.Model
	tb testing.TB
}

// send gives the dashboard a message, draws, and returns the processor time of
// that and of the same for what comes of it at once. What commands do is not
// counted, and what comes of the answers neither, such as the next part of the
// journal: none of that keeps anybody from pressing the next key.
func (d *dashboard) send(msg tea.Msg) time.Duration {
	took, cmd := d.take(msg)
	for _, answer := range answers(cmd) {
		more, cmd := d.take(answer)
		took += more
		for _, answer := range answers(cmd) {
			d.send(answer)
		}
	}
	return took
}

func (d *dashboard) take(msg tea.Msg) (time.Duration, tea.Cmd) {
	began := spent(d.tb, thread)
	next, cmd := d.Update(msg)
	_ = next.View()
	d.Model = next
	return spent(d.tb, thread) - began, cmd
}

// answers are the messages of a command that come at once.
func answers(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case <-time.After(2 * time.Millisecond):
	case msg := <-done:
		if batch, ok := msg.(tea.BatchMsg); ok {
			var all []tea.Msg
			for _, cmd := range batch {
				all = append(all, answers(cmd)...)
			}
			return all
		}
		if msg != nil {
			return []tea.Msg{msg}
		}
	}
	return nil
}

// report tells the median and the 99th of a hundred, in milliseconds.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	of := func(part float64) float64 { return milliseconds(took[int(part*float64(len(took)-1))]) }
	b.ReportMetric(of(.5), "ms/median")
	b.ReportMetric(of(.99), "ms/p99")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkKeyPresses100000Keys tells how long a key press keeps the dashboard
// busy, by what is pressed, in processor time, and how much of that the whole
// process spends for a press. An operation is two hundred presses.
func BenchmarkKeyPresses100000Keys(b *testing.B) {
	m := deck(b, manyKeys(100_000), 100, 30)
	for _, p := range presses {
		b.Run(p.name, func(b *testing.B) {
			runtime.LockOSThread()
			d := &dashboard{m, b}
			for _, msg := range p.before {
				d.send(msg)
			}
			began := spent(b, process)
			var took []time.Duration
			for b.Loop() {
				for i := range 200 {
					took = append(took, d.send(p.script[i%len(p.script)]))
				}
			}
			report(b, took)
			b.ReportMetric(milliseconds(spent(b, process)-began)/float64(len(took)), "ms-cpu/press")
		})
	}
}

// BenchmarkTakeUp100000Keys tells how long a key press has to wait when another
// process has changed a key: the new picture of the store is read elsewhere, and
// taken up between two presses. An operation is ten changes.
func BenchmarkTakeUp100000Keys(b *testing.B) {
	old := manyKeys(100_000)
	runtime.LockOSThread()
	d := &dashboard{deck(b, old, 100, 30), b}
	st := d.Model.(Model).env.Store
	var took []time.Duration
	for n := 0; b.Loop(); {
		for range 10 {
			n++
			read := make(chan *board.Board)
			go func() { // as a command does
				next := *old
				next.Now, next.Keys = next.Now.Add(time.Second), slices.Clone(next.Keys)
				next.Keys[n%len(next.Keys)].DisabledAt = next.Now
				next.Arrange()
				read <- &next
			}()
			old = <-read
			took = append(took, d.send(loadedMsg{store: st, board: old, changed: true}))
		}
	}
	report(b, took)
}

package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// spent is the processor time of this process, that of the garbage collector
// included.
func spent(tb testing.TB) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
	{"sort", nil, typed("o O")},
	{"filter", nil, typed("/ key-0 back back back back back 99 enter esc / deploy esc / ~k9 esc / user-07 space state:expiring space !key-09 esc / expires:<30d enter esc / 1 enter esc")},
	{"revoked", nil, typed("h h")},
	{"open", nil, typed("enter j esc j enter esc")},
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

// send gives the dashboard a message and what comes of it at once, draws, and
// returns the processor time of that. What commands do is not counted: it keeps
// nobody from pressing the next key.
func (d *dashboard) send(msg tea.Msg) time.Duration {
	began := spent(d.tb)
	next, cmd := d.Update(msg)
	_ = next.View()
	took := spent(d.tb) - began
	d.Model = next
	for _, answer := range answers(cmd) {
		took += d.send(answer)
	}
	return took
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
	of := func(part float64) float64 {
		return float64(took[int(part*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(of(.5), "ms/median")
	b.ReportMetric(of(.99), "ms/p99")
}

// BenchmarkKeyPresses100000Keys tells what a key press costs by what is pressed,
// in processor time. An operation is two hundred presses.
func BenchmarkKeyPresses100000Keys(b *testing.B) {
	m := deck(b, manyKeys(100_000), 100, 30)
	for _, p := range presses {
		b.Run(p.name, func(b *testing.B) {
			d := &dashboard{m, b}
			for _, msg := range p.before {
				d.send(msg)
			}
			var took []time.Duration
			for b.Loop() {
				for i := range 200 {
					took = append(took, d.send(p.script[i%len(p.script)]))
				}
			}
			report(b, took)
		})
	}
}

// BenchmarkTakeUp100000Keys tells how long a key press has to wait when another
// process has changed a key: the new picture of the store is read elsewhere, and
// taken up between two presses. It is the time that passes.
func BenchmarkTakeUp100000Keys(b *testing.B) {
	old := manyKeys(100_000)
	d := &dashboard{deck(b, old, 100, 30), b}
	st := d.Model.(Model).env.Store
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		read := make(chan *board.Board)
		go func() { // as a command does
			next := *old
			next.Now, next.Keys = next.Now.Add(time.Second), slices.Clone(next.Keys)
			next.Keys[n%len(next.Keys)].DisabledAt = next.Now
			next.Arrange()
			read <- &next
		}()
		old = <-read
		began := time.Now()
		d.send(loadedMsg{store: st, board: old, changed: true})
		took = append(took, time.Since(began))
	}
	report(b, took)
}

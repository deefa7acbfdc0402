package journal

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// careful is what the pass that takes its time says.
func (f *fixture) careful(t *testing.T, side ...Checkpoint) Report {
	t.Helper()
	a, err := newAudit(f.tx, f.v, side)
	if err != nil {
		t.Fatal(err)
	}
	a.watch = func(int64) {}
	rep, err := a.run()
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// agrees is what the quick pass says.
func (f *fixture) agrees(t *testing.T, side ...Checkpoint) bool {
	t.Helper()
	a, err := newAudit(f.tx, f.v, side)
	if err != nil {
		t.Fatal(err)
	}
	q := newQuick(side, func(int64) {})
	if _, err := q.step(f.tx, math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	ok, err := q.ends(a)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestTheQuickPassSaysWhatTheCarefulOneSays(t *testing.T) {
	for _, n := range []int{1, 2, 255, 256, 257, 511, 512, 513, 1024, 2300} {
		if n > amount(n, 600) {
			continue
		}
		for _, step := range []int{1, 100, 256, 5000} {
			t.Run(fmt.Sprintf("%d records, %d a commit", n, step), func(t *testing.T) {
				f := newFixture(t, n, step)
				if !f.agrees(t, f.side...) {
					t.Error("the quick pass finds fault with an intact journal")
				}
				if got, want := f.verify(t, f.side...), f.careful(t, f.side...); !reflect.DeepEqual(got, want) {
					t.Errorf("%+v\nwant %+v", got, want)
				}
			})
		}
	}
}

// Whatever is changed, the quick pass must not agree.
func TestTheQuickPassOverlooksNothing(t *testing.T) {
	const n = 300
	intact := newFixture(t, n, 100)
	for i, row := range slices.Sorted(maps.Keys(intact.tx.rows)) {
		if strings.HasPrefix(row, recordPrefix) && i%amount(1, 11) > 0 || strings.HasPrefix(row, indexFrom) {
			continue
		}
		value := intact.tx.rows[row]
		for _, change := range []string{"flip", "drop", "cut"} {
			f := &fixture{tx: intact.tx.clone(), v: intact.v, side: intact.side}
			switch changed := slices.Clone(value); {
			case change == "flip":
				changed[len(changed)/2] ^= 1
				f.tx.rows[row] = changed
			case change == "cut" && len(value) > 1:
				f.tx.rows[row] = changed[:len(changed)-1]
			default:
				_ = f.tx.Delete([]byte(row))
			}
			if f.agrees(t) {
				t.Errorf("%s of row %q is overlooked", change, row)
			}
		}
	}
}

func TestTheQuickPassMindsEveryCheckpoint(t *testing.T) {
	f := newFixture(t, 1000, 1)
	for _, at := range []int{0, 255, 256, 400, 511, 998, 999} {
		side := slices.Clone(f.side)
		side[at].Root[7] ^= 1
		if f.agrees(t, side...) {
			t.Errorf("another root for %d records is overlooked", at+1)
		}
	}
	f.add(t, 1000, 1001)
	ahead := f.side[1000]
	ahead.Size += 5
	if f.agrees(t, ahead) {
		t.Error("a checkpoint of more records than there are is overlooked")
	}
}

// steps verifies in steps of so many records, and does something between them.
func (f *fixture) steps(t *testing.T, most int64, between func(step int)) (rep Report, told []int64) {
	t.Helper()
	c, err := NewCheck(f.v, f.side, func(done int64) { told = append(told, done) })
	if err != nil {
		t.Fatal(err)
	}
	for step := 0; ; step++ {
		done, err := c.step(f.tx, most)
		if err != nil {
			t.Fatal(err)
		}
		if done {
			return c.Report(), told
		}
		between(step)
	}
}

func TestVerifyTellsHowFarItIs(t *testing.T) {
	n := amount(3, 1)
	f := newFixture(t, n*watchEvery, 5000)
	rep, told := f.steps(t, watchEvery, func(int) {})
	if want := []int64{0, watchEvery, 2 * watchEvery}[:n]; !slices.Equal(told, want) || !rep.Intact {
		t.Errorf("told %v, want %v; %v", told, want, rep)
	}
}

func TestOthersMayWriteBetweenTwoSteps(t *testing.T) {
	f := newFixture(t, 1000, 100)
	next := 1000
	rep, _ := f.steps(t, 256, func(step int) {
		if step < 5 {
			f.add(t, next, next+70)
			next += 70
		}
	})
	if !rep.Intact || rep.Size != int64(next) {
		t.Errorf("%+v, want %d records", rep, next)
	}
}

func TestWhatIsChangedBetweenTwoStepsIsFound(t *testing.T) {
	f := newFixture(t, 1000, 100)
	rep, _ := f.steps(t, 256, func(step int) {
		if step == 1 {
			f.set(900, []byte("x"))
		}
	})
	wantBad(t, rep, 900)
}

package trend_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/trend"
)

func TestAFortnightIsALineAndItsNumbers(t *testing.T) {
	st := decktest.Sample(t)
	looks := theme.New(theme.Mono, theme.ASCII())
	for ref, want := range map[string][2]string{
		"edge/edge-gateway-eu":     {"=+--:_=+-=#-_-", "21 543 uses  4.3% denied"},
		"build-bot/billing-export": {"______________", "0 uses"},
	} {
		f, err := trend.Load(t.Context(), st.Store, st.Key(ref).Key, decktest.Now, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		got := f.Facts(looks, 40)
		if len(got) != 2 || got[0].Label != "14 days" || ansi.Strip(got[0].Text) != want[0] || got[1].Text != want[1] {
			t.Errorf("%s: %+v, want %q", ref, got, want)
		}
	}
	if got := (trend.Fortnight{}).Facts(looks, 40); got != nil {
		t.Errorf("nothing was read, but it says %v", got)
	}
}

func TestPercentNeverRoundsToAllOrNothing(t *testing.T) {
	for want, c := range map[string][2]uint64{
		"0%": {0, 10}, "100%": {10, 10}, "<0.1%": {1, 1_000_000}, ">99.9%": {999_999, 1_000_000}, "1.8%": {18, 1000}, "50%": {1, 2}, "99.7%": {997, 1000},
	} {
		if got := trend.Percent(c[0], c[1]); got != want {
			t.Errorf("%d of %d: %s, want %s", c[0], c[1], got, want)
		}
	}
	if got := trend.Percent(3, 0); got != "0%" {
		t.Errorf("of nothing: %s", got)
	}
}

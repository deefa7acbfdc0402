package text_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/pakdeck/pakdeck/tui/text"
)

func TestSafeShowsWhatATerminalWouldObey(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "ci-deploy (prod)", "ci-deploy (prod)"},
		{"empty", "", ""},
		{"colour", "a\x1b[31mb", `a\x1b[31mb`},
		{"title", "\x1b]0;owned\x07", `\x1b]0;owned\a`},
		{"lines and tabs", "a\r\n\tb\v", `a\r\n\tb\v`},
		{"delete", "a\x7f", `a\x7f`},
		{"C1 as a code point", "a\u009bm", `a\u009bm`},
		{"C1 as a byte", "a\x9bm", `a\x9bm`},
		{"broken UTF-8", "\xff\xc3(", `\xff\xc3(`},
		{"encoded surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"right-to-left override", "txt.\u202egnp", `txt.\u202egnp`},
		{"isolates", "\u2066a\u2069", `\u2066a\u2069`},
		{"zero width", "a\u200bb\u200dc\ufeff\u2060", `a\u200bb\u200dc\ufeff\u2060`},
		{"separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"soft hyphen", "a\u00adb", `a\u00adb`},
		{"tag", "\U000e0041", `\U000e0041`},
		{"private use", "\ue000\U000f0000", `\ue000\U000f0000`},
		{"unassigned", "\u0378\U0001fffe", `\u0378\U0001fffe`},
		{"hangul filler", "a\u3164b\u115f", `a\u3164b\u115f`},
		{"variation selector", "❤\ufe0f", `❤\ufe0f`},
		{"family", "👨\u200d👩", `👨\u200d👩`},
		{"skin tone", "👍🏽", `👍\U0001f3fd`},
		{"flag", "🇩🇪", `\U0001f1e9\U0001f1ea`},
		{"keycap", "1\u20e3", `1\u20e3`},
		{"chinese, accents, hebrew, hindi", "支払い é e\u0301 שלום कि", "支払い é e\u0301 שלום कि"},
		{"mark without a base", "\u0301a", `\u0301a`},
		{"mark after an escape", "\x00\u0301", `\x00\u0301`},
		{"stacked marks", "e" + strings.Repeat("\u0301", 6), "e" + strings.Repeat("\u0301", 4) + `\u0301\u0301`},
		{"replacement character", "\ufffd", "\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text.Safe(c.in); got != c.want {
				t.Errorf("Safe(%q) = %q, want %q", c.in, got, c.want)
			}
			_, found := text.Unsafe(c.in)
			if want := c.in != c.want; found != want {
				t.Errorf("Unsafe(%q) found = %v, want %v", c.in, found, want)
			}
		})
	}
}

func TestUnsafeNamesTheFirstCharacter(t *testing.T) {
	if got, _ := text.Unsafe("ab\u202ec\x1b"); got != `\u202e` {
		t.Errorf("got %q, want the override", got)
	}
}

// checkHarmless fails if s could do anything to a terminal but print one line.
func checkHarmless(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("%q is not valid UTF-8", s)
	}
	for _, r := range s {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			t.Fatalf("%q holds %U", s, r)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[2J", "é\u0301", "支\u200d", "\xff\xfe", "🇩🇪", "1\ufe0f\u20e3", "\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		safe := text.Safe(s)
		checkHarmless(t, safe)
		if again := text.Safe(safe); again != safe {
			t.Errorf("Safe is not idempotent: %q, then %q", safe, again)
		}
		if _, found := text.Unsafe(s); found == (safe == s) {
			t.Errorf("Unsafe(%q) = %v, but Safe gives %q", s, found, safe)
		}
	})
}

func FuzzFitIsExact(f *testing.F) {
	for _, s := range []string{"", "abc", "支払い-worker", "\x1b[31mred", "e\u0301e\u0301", "👍🏽👍🏽", "🇩🇪", "a\nb", "कि कि"} {
		for _, w := range []int{0, 1, 2, 5, 300} {
			f.Add(s, w)
		}
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		if w < -1 || w > 500 {
			t.Skip()
		}
		for name, fit := range map[string]func(string, int) string{"Fit": text.Fit, "FitLeft": text.FitLeft} {
			got := fit(s, w)
			checkHarmless(t, got)
			if cells := ansi.StringWidthWc(got); cells != max(w, 0) {
				t.Errorf("%s(%q, %d) = %q takes %d cells", name, s, w, got, cells)
			}
		}
		for name, cut := range map[string]func(string, int) string{"Truncate": text.Truncate, "TruncateMiddle": text.TruncateMiddle} {
			got := cut(s, w)
			checkHarmless(t, got)
			if cells := ansi.StringWidthWc(got); cells > max(w, 0) {
				t.Errorf("%s(%q, %d) = %q takes %d cells", name, s, w, got, cells)
			}
		}
		for _, line := range text.Wrap(s, w) {
			checkHarmless(t, line)
			if cells := text.Width(line); w >= 2 && cells > w {
				t.Errorf("Wrap(%q, %d) has the line %q of %d cells", s, w, line, cells)
			}
		}
	})
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"abc", 5, "abc  "},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"abc", -3, ""},
		{"支払い", 6, "支払い"},
		{"支払い", 5, "支払…"},
		{"支払い", 4, "支… "},
		{"支払い", 2, "… "},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"\x1b[31m", 20, `\x1b[31m            `},
	} {
		if got := text.Fit(c.in, c.w); got != c.want {
			t.Errorf("Fit(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
	if got := text.FitLeft("41", 5); got != "   41" {
		t.Errorf("FitLeft = %q", got)
	}
	if got := text.Fit("a", 500); len(got) != 500 {
		t.Errorf("a wide Fit has %d cells", len(got))
	}
}

func TestTruncateMiddleKeepsTheEnd(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"01JZK7ABCDEFW3", 9, "01JZK7…W3"},
		{"01JZK7W3", 9, "01JZK7W3"},
		{"abcdef", 1, "…"},
		{"abcdef", 2, "a…"},
		{"abcdef", 0, ""},
		{"支支支支支", 6, "支支…"},
		{"ab支支支e\u0301", 6, "ab支…e\u0301"},
	} {
		if got := text.TruncateMiddle(c.in, c.w); got != c.want {
			t.Errorf("TruncateMiddle(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func TestFitStyledKeepsStylesAndCuts(t *testing.T) {
	red := "\x1b[31mabcdef\x1b[m"
	if got, want := text.FitStyled(red, 8), red+"  "; got != want {
		t.Errorf("padded: %q, want %q", got, want)
	}
	if got, want := text.FitStyled(red, 3), "\x1b[31mab…\x1b[m"; got != want {
		t.Errorf("cut: %q, want %q", got, want)
	}
	if got := text.FitStyled(red, 0); got != "" {
		t.Errorf("no room: %q", got)
	}
}

func TestAgo(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "now"},
		{999 * time.Millisecond, "now"},
		{-time.Millisecond, "now"},
		{time.Second, "1s"},
		{59 * time.Second, "59s"},
		{time.Minute, "1m"},
		{3*time.Minute + 50*time.Second, "3m"},
		{59 * time.Minute, "59m"},
		{time.Hour, "1h"},
		{23*time.Hour + 59*time.Minute, "23h"},
		{day, "1d"},
		{2*day + 4*time.Hour, "2d 4h"},
		{6*day + 23*time.Hour, "6d 23h"},
		{7*day + 5*time.Hour, "7d"},
		{94 * day, "94d"},
		{999 * day, "999d"},
		{1000 * day, "2y"},
		{-14 * day, "-14d"},
		{-(2*day + 4*time.Hour), "-2d 4h"},
		{math.MinInt64, "-292y"},
		{math.MaxInt64, "292y"},
	} {
		if got := text.Ago(c.d); got != c.want || len(got) > 7 {
			t.Errorf("Ago(%v) = %q, want %q", c.d, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want string
	}{
		{0, "0"},
		{7, "7"},
		{999, "999"},
		{1000, "1 000"},
		{41208, "41 208"},
		{1000000, "1 000 000"},
		{-1, "-1"},
		{-999, "-999"},
		{-1806, "-1 806"},
		{math.MinInt64, "-9 223 372 036 854 775 808"},
	} {
		if got := text.Count(c.n); got != c.want {
			t.Errorf("Count(%d) = %q, want %q", c.n, got, c.want)
		}
	}
	for n, want := range map[int64]string{0: "0 keys", 1: "1 key", 2: "2 keys", 41208: "41 208 keys"} {
		if got := text.Plural(n, "key"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestColumnsLineUp(t *testing.T) {
	got := text.Columns([][]string{{"id", "01JZK7"}, {"支払", "a", "x\x1b"}, {}, {"owner", "bc"}}, 2)
	want := []string{"id     01JZK7", `支払   a       x\x1b`, "", "owner  bc"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 20, []string{"one two three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"a\nb c", 10, []string{"a", "b c"}},
		{"unbreakable", 4, []string{"unbr", "eaka", "ble"}},
		{"支払い支払い", 5, []string{"支払", "い支", "払い"}},
		{"no room", 1, []string{"no room"}},
	} {
		if got := text.Wrap(c.in, c.w); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func TestASCIIKeepsWidthAndSequences(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                  "plain",
		"┌─┐│└┘":                 "+-+|++",
		"01JZK7…W3":              "01JZK7~W3",
		"▁▂▃▄▅▆▇█ ░▒▓":           "_.:-=+*# .:+",
		"支é e\u0301":             "??? e",
		"\x1b[31m✓\x1b[m\xff ok": "\x1b[31mx\x1b[m? ok",
	} {
		got := text.ASCII(in)
		if got != want {
			t.Errorf("ASCII(%q) = %q, want %q", in, got, want)
		}
		if utf8.ValidString(in) && text.Width(got) != text.Width(in) {
			t.Errorf("ASCII(%q) changes the width", in)
		}
	}
}

func BenchmarkFitASCII(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Fit("ci-deploy-staging", 24)
	}
}

func BenchmarkFitWide(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Fit("支払い-worker", 24)
	}
}

func TestQuoteIsBoundedAndHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"":                          `""`,
		"a\x1b\u202e\"":             `"a\x1b\u202e\""`,
		strings.Repeat("支", 60):     `"` + strings.Repeat("支", 60) + `"`,
		strings.Repeat("支", 61):     `"` + strings.Repeat("支", 60) + `…"`,
		strings.Repeat("a", 100000): `"` + strings.Repeat("a", 60) + `…"`,
	} {
		if got := text.Quote(in); got != want {
			t.Errorf("Quote(%.80q) = %s, want %s", in, got, want)
		}
	}
}

func TestLocaleIsDecidedByTheFirstVariableThatIsSet(t *testing.T) {
	for _, c := range []struct {
		env             map[string]string
		variable, value string
		utf8            bool
	}{
		{nil, "", "", false},
		{map[string]string{"LANG": "C.UTF-8"}, "LANG", "C.UTF-8", true},
		{map[string]string{"LANG": "en_GB.utf8", "LC_CTYPE": "C"}, "LC_CTYPE", "C", false},
		{map[string]string{"LANG": "C", "LC_CTYPE": "", "LC_ALL": "de_DE.UTF8"}, "LC_ALL", "de_DE.UTF8", true},
	} {
		variable, value, utf8 := text.Locale(func(name string) string { return c.env[name] })
		if variable != c.variable || value != c.value || utf8 != c.utf8 {
			t.Errorf("%v: %s=%s, UTF-8 %v", c.env, variable, value, utf8)
		}
	}
}

package expiry

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInAndShort(t *testing.T) {
	for _, c := range []struct {
		after     time.Duration
		in, short string
	}{
		{0, "just now", "now"},
		{1, "in less than 1 min", "<1min"},
		{-59 * time.Second, "just now", "now"},
		{time.Minute, "in 1 min", "1min"},
		{-90 * time.Second, "1 min ago", "-1min"},
		{59*time.Minute + 59*time.Second, "in 59 min", "59min"},
		{-59 * time.Minute, "59 min ago", "-59min"},
		{time.Hour, "in 1 h", "1h"},
		{-3 * time.Hour, "3 h ago", "-3h"},
		{oneDay - 1, "in 23 h", "23h"},
		{oneDay, "in 1 d", "1d"},
		{52 * time.Hour, "in 2 d 4 h", "2d 4h"},
		{-52 * time.Hour, "2 d 4 h ago", "-2d"},
		{6*oneDay + 9*time.Hour, "in 6 d 9 h", "6d 9h"},
		{6*oneDay + 23*time.Hour, "in 7 days", "7d"},
		{7 * oneDay, "in 7 days", "7d"},
		{-14 * oneDay, "14 days ago", "-14d"},
		{29 * oneDay, "in 29 days", "29d"},
		{100 * 365 * oneDay, "in 36500 days", "99y"},
		{-100 * 365 * oneDay, "36500 days ago", "-99y"},
		{9999 * oneDay, "in 9999 days", "9999d"},
	} {
		at := monday.Add(c.after)
		if got := In(at, monday); got != c.in {
			t.Errorf("In %v: %q, want %q", c.after, got, c.in)
		}
		if got := Short(at, monday); got != c.short {
			t.Errorf("Short %v: %q, want %q", c.after, got, c.short)
		}
	}
	if In(time.Time{}, monday) != never || Short(time.Time{}, monday) != never {
		t.Error("the zero time is not never")
	}
}

func TestInSaysWhatWasTyped(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "Pacific/Apia"} {
		loc := zone(t, name)
		for hour := range 24 {
			now := time.Date(2026, 11, 23, hour, 30, 0, 0, loc)
			e, err := Parse("90d", now, loc)
			if err != nil {
				t.Fatal(err)
			}
			if in, short := In(e.At, now), Short(e.At, now); in != "in 90 days" || short != "90d" {
				t.Errorf("%s at %d h: %q, %q", name, hour, in, short)
			}
		}
	}
}

func TestShortIsShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "now"), 0).UTC()
		at := now.Add(time.Duration(rapid.Int64Range(-292*365, 292*365).Draw(t, "days")) * oneDay)
		at = at.Add(time.Duration(rapid.Int64Range(-10_000, 10_000).Draw(t, "minutes")) * time.Minute)
		s := Short(at, now)
		if len(s) > 6 || len(s) == 0 {
			t.Fatalf("%v from %v is %q", at, now, s)
		}
		if in := In(at, now); strings.HasPrefix(in, "in ") != at.After(now) || strings.HasPrefix(s, "-") && at.After(now) {
			t.Fatalf("%v from %v is %q, %q", at, now, in, s)
		}
	})
}

func TestLocal(t *testing.T) {
	at := time.Date(2027, 2, 21, 9, 0, 0, 0, time.UTC)
	if got := Local(at, zone(t, "Europe/Berlin")); got != "2027-02-21 10:00 CET" {
		t.Errorf("got %s", got)
	}
	if got := Local(at, nil); got != "2027-02-21 09:00 UTC" {
		t.Errorf("got %s", got)
	}
	if got := Local(time.Time{}, time.UTC); got != never {
		t.Errorf("got %s", got)
	}
}

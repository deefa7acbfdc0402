package kv

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPrefix(t *testing.T) {
	for _, c := range []struct {
		prefix   string
		from, to []byte
	}{
		{"a", []byte("a"), []byte("b")},
		{"k/", []byte("k/"), []byte("k0")},
		{"a\xff", []byte("a\xff"), []byte("b")},
		{"a\xff\xff", []byte("a\xff\xff"), []byte("b")},
		{"\xfe", []byte("\xfe"), []byte("\xff")},
		{"\x00", []byte("\x00"), []byte("\x01")},
		{"\xff", []byte("\xff"), nil},
		{"\xff\xff", []byte("\xff\xff"), nil},
		{"", nil, nil},
	} {
		r := Prefix([]byte(c.prefix))
		if !bytes.Equal(r.From, c.from) || !bytes.Equal(r.To, c.to) || (r.To == nil) != (c.to == nil) || r.Reverse {
			t.Errorf("Prefix(%q) = %q to %q, want %q to %q", c.prefix, r.From, r.To, c.from, c.to)
		}
	}
}

func TestAPrefixRangeHasTheKeysWithThatPrefixAndNoOthers(t *testing.T) {
	letters := rapid.SampledFrom([]byte{0x00, 'a', 0xfe, 0xff})
	text := rapid.SliceOfN(letters, 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		prefix, key := text.Draw(t, "prefix"), text.Draw(t, "key")
		if got, want := Prefix(prefix).Contains(key), bytes.HasPrefix(key, prefix); got != want {
			t.Fatalf("Prefix(%q).Contains(%q) = %v, want %v", prefix, key, got, want)
		}
	})
}

func TestPrefixKeepsNothingOfItsArgument(t *testing.T) {
	p := []byte("key")
	r := Prefix(p)
	copy(p, "xxx")
	if string(r.From) != "key" || string(r.To) != "kez" {
		t.Errorf("got %q to %q", r.From, r.To)
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		r    Range
		key  string
		want bool
	}{
		{Range{}, "", true},
		{Range{}, "a", true},
		{Range{From: []byte("b")}, "a", false},
		{Range{From: []byte("b")}, "b", true},
		{Range{From: []byte("b")}, "c", true},
		{Range{To: []byte("b")}, "a", true},
		{Range{To: []byte("b")}, "b", false},
		{Range{To: []byte("b")}, "a\xff", true},
		{Range{To: []byte{}}, "a", false},
		{Range{From: []byte("b"), To: []byte("d"), Reverse: true}, "c", true},
		{Range{From: []byte("b"), To: []byte("d"), Reverse: true}, "d", false},
		{Range{From: []byte("d"), To: []byte("b")}, "c", false},
	} {
		if got := c.r.Contains([]byte(c.key)); got != c.want {
			t.Errorf("%q to %q contains %q: %v, want %v", c.r.From, c.r.To, c.key, got, c.want)
		}
	}
}

func TestBusyErrorTellsWhatIsKnown(t *testing.T) {
	since := time.Date(2026, 11, 23, 15, 32, 0, 0, time.FixedZone("CET", 3600))
	for _, c := range []struct {
		holder Holder
		want   string
	}{
		{Holder{}, "another process"},
		{Holder{Since: since}, "another process since 2026-11-23T14:32:00Z"},
		{Holder{Command: "pakdeck"}, "another process"},
		{Holder{PID: 42}, "pid 42"},
		{Holder{PID: 42, Command: "pakdeck"}, "pid 42 (pakdeck)"},
		{Holder{PID: 42, Command: "pakdeck", Since: since}, "pid 42 (pakdeck) since 2026-11-23T14:32:00Z"},
	} {
		err := &BusyError{Path: "/a/store.db", Waited: 2*time.Second + 400*time.Microsecond, Holder: c.holder}
		if got, want := err.Error(), "store /a/store.db is busy: held by "+c.want+"; waited 2s"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestErrorsNameTheLimits(t *testing.T) {
	if want := fmt.Sprintf("1 to %d bytes", MaxKey); !strings.Contains(ErrKey.Error(), want) {
		t.Errorf("%v: want %q in it", ErrKey, want)
	}
	if want := fmt.Sprintf("%d MiB", MaxValue>>20); !strings.Contains(ErrValue.Error(), want) {
		t.Errorf("%v: want %q in it", ErrValue, want)
	}
	if errors.Is(ErrKey, ErrValue) {
		t.Error("a wrong key and a wrong value are the same error")
	}
}

func ExampleRange_Contains() {
	r := Range{From: []byte("a"), To: []byte("c")}
	fmt.Println(r.Contains([]byte("b")), r.Contains([]byte("c")))
	// Output: true false
}

func ExamplePrefix() {
	r := Prefix([]byte("key/"))
	fmt.Printf("%s to %s\n", r.From, r.To)
	// Output: key/ to key0
}

package token

import (
	"slices"
	"strings"
	"testing"
)

const zeroID = "4kTMd9zqW8aB"

// sample is a key string that can be read in a test.
var sample = withChecksum("pak_" + zeroID + "_" + strings.Repeat("0123456", 6) + "7")

func TestFindAll(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // "=" before a complete one
	}{
		{"nothing", "no key here", nil},
		{"empty", "", nil},
		{"alone", sample, []string{"=" + sample}},
		{"quoted", `{"key":"` + sample + `"}`, []string{"=" + sample}},
		{"dotenv", "PAK_API_KEY=" + sample + "\nPAK_NAME=x", []string{"=" + sample}},
		{"header", "Authorization: Bearer " + sample + ".", []string{"=" + sample}},
		{"URL", "https://h/?k=" + sample + "&x=1", []string{"=" + sample}},
		{"escaped newline", `a\n` + sample + `\n`, []string{"=" + sample}},
		{"escaped equals sign", "key%3D" + sample + "%26", []string{"=" + sample}},
		{"two", sample + "," + sample, []string{"=" + sample, "=" + sample}},
		{"two run together", sample + sample, []string{"=" + sample, "=" + sample}},
		{"letters after", sample + "abc", []string{"=" + sample}},
		{"underscore after", sample + "_abc", []string{"=" + sample}},
		{"one short", sample[:65], []string{sample[:65]}},
		{"cut off by dots", sample[:30] + "...", []string{sample[:30]}},
		{"cut off by a line end", sample[:30] + "\n" + sample[30:], []string{sample[:30]}},
		{"damaged", sample[:40] + "X" + sample[41:], []string{sample[:40] + "X" + sample[41:]}},
		{"damaged and longer", sample[:40] + "XX" + sample[40:] + "!", []string{sample[:40] + "XX" + sample[40:]}},
		{"id and underscore", "pak_" + zeroID + "_", []string{"pak_" + zeroID + "_"}},
		{"id", "see pak_" + zeroID + ".", []string{"pak_" + zeroID}},
		{"redacted", "pak_" + zeroID + "_[redacted]", []string{"pak_" + zeroID + "_"}},
		{"id cut off", "pak_" + zeroID[:11], nil},
		{"longer word", "pak_" + zeroID + "x", nil},
		{"other prefix", "sk" + sample[3:], nil},
		{"prefix twice", "pak_pak_" + sample, []string{"=" + sample}},
		{"cut off, then whole", sample[:30] + sample, []string{sample[:30], "=" + sample}},
		{"id cut off, then whole", "pak_123456789" + sample, []string{"=" + sample}},
		{"cut off before the id ends in the prefix", "pak_123456789pak_ABCDEFGHIJKL_12", []string{"pak_ABCDEFGHIJKL_12"}},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range FindAll("pak", tt.text) {
			mark := ""
			if m.Complete {
				mark = "="
			}
			got = append(got, mark+tt.text[m.Start:m.End])
			if id := tt.text[m.Start+4 : m.Start+16]; m.ID.String() != id {
				t.Errorf("%s: id %s, want %s", tt.name, m.ID, id)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestRedact(t *testing.T) {
	const form = "pak_" + zeroID + "_[redacted]"
	tests := []struct{ name, text, want string }{
		{"nothing", "no key here", "no key here"},
		{"empty", "", ""},
		{"whole", "Bearer " + sample + "\n", "Bearer " + form + "\n"},
		{"many in a line", sample + " " + sample[:20] + "," + sample, form + " " + form + "," + form},
		{"cut off", `"` + sample[:18] + `..."`, `"` + form + `..."`},
		{"nothing left of the secret", "pak_" + zeroID + "_, pak_" + zeroID, "pak_" + zeroID + "_, pak_" + zeroID},
		{"redacted already", form, form},
		{"longer than a key", sample + "0", form + "0"},
		{"text after", sample + "é", form + "é"},
	}
	for _, tt := range tests {
		if got := Redact("pak", tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Quadratic time would make this one run for hours.
func TestFindAllIsLinear(t *testing.T) {
	const n = 1 << 18
	for text, want := range map[string]int{
		"pak_":                    0,
		"pak_4kTMd9zqW8aB_":       n,
		"pak_4kTMd9zqW8aB_a":      n,
		"pak_123456789":           1, // the last two, run together
		"pak_" + zeroID + "_pak":  n,
		"p":                       0,
		sample[:65] + "\n":        n,
		"pak_" + zeroID + "_\x80": n,
	} {
		if got := len(FindAll("pak", strings.Repeat(text, n))); got != want {
			t.Errorf("%q: %d found, want %d", text, got, want)
		}
	}
	if got := len(FindAll("pak", "pak_"+zeroID+"_"+strings.Repeat("pak", n))); got != 1 {
		t.Errorf("%d found in one long run", got)
	}
}

func FuzzFindAll(f *testing.F) {
	for _, s := range []string{"", "x", sample, sample[:65], sample + sample, "pak_123456789", "pak_" + zeroID + "_", `\n`, "pak_" + zeroID + "_[redacted]", "pak_pak_", "_pak"} {
		f.Add(s, "")
		f.Add("", s)
		f.Add(s, s)
	}
	k := mint(f, "pak", 7)
	f.Fuzz(func(t *testing.T, before, after string) {
		text := before + k.Reveal() + after
		at, whole := 0, false
		for _, m := range FindAll("pak", text) {
			if m.Start < at || m.End > len(text) || m.End < m.Start+16 || text[m.Start:m.Start+16] != "pak_"+m.ID.String() {
				t.Fatalf("%+v in %q", m, text)
			}
			if _, err := Check("pak", text[m.Start:m.End]); (err == nil) != m.Complete {
				t.Fatalf("%+v in %q: %v", m, text, err)
			}
			at, whole = m.End, whole || m.Complete && m.ID == k.ID()
		}
		if !whole {
			t.Fatalf("the key was not found in %q", text)
		}
		out := Redact("pak", text)
		if leaks(out, k) && !leaks(before, k) && !leaks(after, k) {
			t.Fatalf("%q leaks", out)
		}
		if again := Redact("pak", out); again != out {
			t.Fatalf("redacting again turns %q into %q", out, again)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	line := "2026-11-23T14:32:00Z GET /v1/things 200 client=10.4.7.12 auth=\"Bearer " + sample + "\"\n"
	text := strings.Repeat(line, 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_ = Redact("pak", text)
	}
}

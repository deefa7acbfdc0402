package pak

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestDecodeIsTolerantWhereItDoesNotMatter(t *testing.T) {
	f := sample(t)
	text := string(Encode(f))
	for name, in := range map[string]string{
		"unknown fields": text + "PAK_COLOUR=green\nPAK_2=\n",
		"comments":       "#\n\n" + strings.ReplaceAll(text, "\n", "\n# note\n"),
		"no last newline": strings.TrimSuffix(
			text, "\n"),
		"another order": "PAK_STORE=pakdeck/7f3a9c\n" + strings.Replace(text, "PAK_STORE=pakdeck/7f3a9c\n", "", 1),
	} {
		got, err := Decode([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := same(f, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDecodeNeedsOnlyWhatItCannotDoWithout(t *testing.T) {
	f := sample(t)
	got, err := Decode([]byte("PAK_FORMAT=1\nPAK_API_KEY=" + f.Key.Reveal() + "\nPAK_EXPIRES=never"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(File{Key: f.Key}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	f := sample(t)
	text, s := string(Encode(f)), f.Key.Reveal()
	with := func(old, replacement string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(text, old, replacement, 1)
	}
	const instant = "want an instant such as 2027-02-21T09:00:00Z"
	tests := []struct{ name, in, want string }{
		{"empty", "", ".pak file: PAK_FORMAT: the field is missing"},
		{"newer", with("FORMAT=1", "FORMAT=2"), `.pak file line 2: PAK_FORMAT "2": want format 1, which is the one that this program knows`},
		{"no key", with("PAK_API_KEY", "PAK_APIKEY"), ".pak file: PAK_API_KEY: the field is missing"},
		{"no expiry", with("PAK_EXPIRES", "PAK_EXPIRY"), ".pak file: PAK_EXPIRES: the field is missing"},
		{"empty expiry", with("2027-02-21T09:00:00Z", ""), ".pak file line 7: PAK_EXPIRES: " + instant + " or never"},
		{"local time", with("2027-02-21T09:00:00Z", "2027-02-21T09:00:00+01:00"), `.pak file line 7: PAK_EXPIRES "2027-02-21T09:00:00+01:00": ` + instant + " or never"},
		{"fraction", with("2027-02-21T09:00:00Z", "2027-02-21T09:00:00.5Z"), `.pak file line 7: PAK_EXPIRES "2027-02-21T09:00:00.5Z": ` + instant + " or never"},
		{"no such day", with("2027-02-21", "2027-02-29"), `.pak file line 7: PAK_EXPIRES "2027-02-29T09:00:00Z": ` + instant + " or never"},
		{"zero time is not never", with("2027-02-21T09", "0001-01-01T00"), `.pak file line 7: PAK_EXPIRES "0001-01-01T00:00:00Z": ` + instant + " or never"},
		{"never issued", with("2026-11-23T04:00:00Z", "never"), `.pak file line 6: PAK_ISSUED "never": ` + instant},
		{"prefix", with("10.4.7.0/26", "10.4.7.0"), `.pak file line 8: PAK_ALLOW "10.4.7.0,203.0.113.16/29": want prefixes such as 10.4.7.0/26 with commas between them`},
		{"empty prefix", with("10.4.7.0/26,", ","), `.pak file line 8: PAK_ALLOW ",203.0.113.16/29": want prefixes such as 10.4.7.0/26 with commas between them`},
		{"twice", text + "PAK_NAME=other\n", ".pak file line 10: PAK_NAME: it is there already, in line 4"},
		{"unknown twice", text + "PAK_X=\nPAK_X=\n", ".pak file line 11: PAK_X: it is there already, in line 10"},
		{"blank", with("ci-deploy", "ci deploy"), `.pak file line 4: PAK_NAME "ci deploy": want A-Z, a-z, 0-9, _.,:/@+=- and the rest as %XX`},
		{"quotes", with("ci-deploy", `"ci"`), `.pak file line 4: PAK_NAME "\"ci\"": want A-Z, a-z, 0-9, _.,:/@+=- and the rest as %XX`},
		{"percent", with("ci-deploy", "ci%2"), `.pak file line 4: PAK_NAME "ci%2": "%" needs two hexadecimal digits after it`},
		{"escape sequence", with("ci-deploy", "%1B%5B2J"), `.pak file line 4: PAK_NAME "\x1b[2J": want UTF-8 without control characters`},
		{"not UTF-8", with("build-bot", "%FF"), `.pak file line 5: PAK_OWNER "\xff": want UTF-8 without control characters`},
		{"foreign variable", "LD_PRELOAD=/tmp/x.so\n" + text, ".pak file line 1: want PAK_...=value, a comment or nothing"},
		{"export", with("PAK_NAME", "export PAK_NAME"), ".pak file line 4: want PAK_...=value, a comment or nothing"},
		{"indented", with("PAK_NAME", " PAK_NAME"), ".pak file line 4: want PAK_...=value, a comment or nothing"},
		{"byte order mark", "\ufeff" + text, ".pak file line 1: want PAK_...=value, a comment or nothing"},
		{"Windows line ends", with("FORMAT=1\n", "FORMAT=1\r\n"), ".pak file line 2: it ends in a carriage return, which would be taken for part of the value: save it with Unix line ends"},
		{"key alone", s, ".pak file line 1: want PAK_...=value, a comment or nothing"},
		{"damaged key", with(s, s[:60]+"000000"), ".pak file line 3: PAK_API_KEY: malformed key string: the checksum does not match, so it is mistyped or damaged"},
		{"cut off key", with(s, s[:50]), ".pak file line 3: PAK_API_KEY: malformed key string: 50 characters, want 66"},
		{"redacted key", with(s, "pak_4kTMd9zqW8aB_%5Bredacted%5D"), ".pak file line 3: PAK_API_KEY: malformed key string: 27 characters, want 66"},
		{"other key", with(s, "AKIAIOSFODNN7EXAMPLE"), ".pak file line 3: PAK_API_KEY: want a key string such as pak_..., whole and unchanged"},
		{"key in a wrong field", with("2026-11-23T04:00:00Z", s), ".pak file line 6: PAK_ISSUED: " + instant},
		{"key as a field", with("PAK_NAME", s), ".pak file line 4: want PAK_...=value, a comment or nothing"},
		{"key with blanks", with(s, " "+s), ".pak file line 3: PAK_API_KEY: want A-Z, a-z, 0-9, _.,:/@+=- and the rest as %XX"},
	}
	for _, tt := range tests {
		got, err := Decode([]byte(tt.in))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.name, err, tt.want)
			continue
		}
		if _, ok := errors.AsType[*SyntaxError](err); !ok {
			t.Errorf("%s: %T", tt.name, err)
		}
		if leaks(err.Error(), f.Key) || !got.Key.IsZero() {
			t.Errorf("%s: the key comes out", tt.name)
		}
	}
}

func TestDecodeBoundsWhatItQuotes(t *testing.T) {
	in := "PAK_FORMAT=" + strings.Repeat("1.", 1000)
	_, err := Decode([]byte(in))
	if err == nil || len(err.Error()) > 200 || !strings.Contains(err.Error(), "1.1.1...") {
		t.Error(err)
	}
}

func TestDecodeRefusesLargeAndEncryptedFiles(t *testing.T) {
	text := Encode(sample(t))
	full := append(text, bytes.Repeat([]byte("#"), MaxSize-len(text))...)
	if _, err := Decode(full); err != nil {
		t.Errorf("64 KiB: %v", err)
	}
	if _, err := Decode(append(full, '#')); !errors.Is(err, ErrTooLarge) {
		t.Errorf("64 KiB and a byte: %v", err)
	}
	for _, head := range []string{"-----BEGIN AGE ENCRYPTED FILE-----\n", "age-encryption.org/v1\n"} {
		if _, err := Decode([]byte(head)); !errors.Is(err, ErrEncrypted) {
			t.Errorf("%q: %v", head, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	file := sample(f)
	text := Encode(file)
	f.Add(text)
	f.Add(Encode(File{Key: file.Key, Name: "=%~ $(id) ü"}))
	for _, s := range []string{"", "PAK_FORMAT=1", "PAK_NAME=%", "PAK_NAME=%00\n", "#\n\n", "PAK_EXPIRES=never\r\n"} {
		f.Add([]byte(s))
		f.Add(append(bytes.Clone(text), s...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Decode(b)
		if err != nil {
			// The fuzzer spreads pieces of the key over other fields.
			if leaksRun(err.Error(), file.Key, maxWord+1) {
				t.Fatalf("error holds the key: %v", err)
			}
			return
		}
		again, err := Decode(Encode(got))
		if err != nil {
			t.Fatalf("its own output: %v\n%s", err, Encode(got))
		}
		if diff := same(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

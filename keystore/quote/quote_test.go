package quote_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

func TestWhatAMessageShows(t *testing.T) {
	tail := strings.Repeat("k", 19)
	for s, want := range map[string][2]string{
		"":                                       {`""`, `""`},
		"next fri":                               {`"next fri"`, `"next fri"`},
		"\x1b]52;c;eA==\a\u202e":                 {`"\x1b]52;c;eA==\a\u202e"`, `"\x1b]52;c;eA==\a\u202e"`},
		"bad \xff":                               {`"bad \xff"`, `"bad \xff"`},
		tail:                                     {`"` + tail + `"`, `"` + tail + `"`},
		tail + "k":                               {`"` + tail + `k"`, "(20 characters, not shown)"},
		"90d " + tail + "_":                      {`"90d ` + tail + `_"`, "(24 characters, not shown)"},
		"ü " + tail + "Z":                        {`"ü ` + tail + `Z"`, "(22 characters, not shown)"},
		strings.Repeat("é", 60):                  {`"` + strings.Repeat("é", 60) + `"`, `"` + strings.Repeat("é", 60) + `"`},
		strings.Repeat("é", 61):                  {`"` + strings.Repeat("é", 60) + `…"`, `"` + strings.Repeat("é", 60) + `…"`},
		strings.Repeat("- ", 40) + "9" + tail:    {`"` + strings.Repeat("- ", 30) + `…"`, "(100 characters, not shown)"},
		strings.Repeat(".", 61) + "\n" + "line2": {`"` + strings.Repeat(".", 60) + `…"`, `"` + strings.Repeat(".", 60) + `…"`},
	} {
		if got := [2]string{quote.Text(s), quote.Input(s)}; got != want {
			t.Errorf("%q is %s as a text and %s as an input, want %s and %s", s, got[0], got[1], want[0], want[1])
		}
	}
}

func TestShellWordsAreOneWord(t *testing.T) {
	for s, want := range map[string]string{
		"":              "''",
		"/a/b-c_1.db":   "/a/b-c_1.db",
		"/a b":          "'/a b'",
		"$HOME":         "'$HOME'",
		"a\nb":          "'a\nb'",
		"-rf":           "'-rf'",
		"it's":          `'it'\''s'`,
		"`id`;rm":       "'`id`;rm'",
		"/ü":            "'/ü'",
		"~/store.db":    "'~/store.db'",
		"/a*/store.db":  "'/a*/store.db'",
		"/a+b=c:d,e@f%": "/a+b=c:d,e@f%",
	} {
		if got := quote.Shell(s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
}

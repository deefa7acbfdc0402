package keystore

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of stored text, in characters. Those of a key are VergeOS's, so that
// keys can move between the two.
const (
	MaxUserName    = 64
	MaxContact     = 256
	MaxRecipient   = 1024
	MaxKeyName     = 128
	MaxDescription = 2048
	MaxReason      = 512
	MaxScopes      = 100
)

// isPlain reports whether s is text that a terminal shows as it stands: valid
// UTF-8 without control, format (direction, zero width) or line separators.
func isPlain(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return false
		}
	}
	return true
}

// checkText checks a single line of stored text of least to most characters.
func checkText(field, s string, least, most int) error {
	n := utf8.RuneCountInString(s)
	switch {
	case !isPlain(s):
		return &FieldError{field, s, "holds control or invisible characters; use one line of plain text"}
	case n > most:
		return &FieldError{field, s, fmt.Sprintf("has %d characters; at most %d are allowed", n, most)}
	case n < least:
		return &FieldError{field, s, "must not be empty"}
	case strings.TrimSpace(s) != s:
		return &FieldError{field, s, "begins or ends with a blank; remove it"}
	}
	return nil
}

// CheckUserName reports why s cannot be the name of a user: 1 to 64 of
// A-Z a-z 0-9 . _ @ + - and beginning with a letter or digit. A slash is
// excluded because user/name refers to a key.
func CheckUserName(s string) error {
	if err := checkText("user name", s, 1, MaxUserName); err != nil {
		return err
	}
	for i, r := range s {
		letter := r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if !letter && (i == 0 || !strings.ContainsRune("._@+-", r)) {
			return &FieldError{"user name", s, "is no user name; use letters, digits and . _ @ + - and begin with a letter or digit, such as build-bot"}
		}
	}
	return nil
}

// CheckKeyName reports why s cannot be the name of a key: 1 to 128 characters
// on one line. Whether it is taken is known only in the transaction.
func CheckKeyName(s string) error { return checkText("name", s, 1, MaxKeyName) }

// CheckDescription reports why s cannot describe a key.
func CheckDescription(s string) error { return checkText("description", s, 0, MaxDescription) }

// CheckContact reports why s cannot be a user's contact.
func CheckContact(s string) error { return checkText("contact", s, 0, MaxContact) }

// CheckRecipient reports why s cannot be a user's recipient: one line, the
// public half of an age or SSH key. Whether it is one is for package pak to say.
func CheckRecipient(s string) error { return checkText("recipient", s, 0, MaxRecipient) }

// CheckReason reports why s cannot be the reason of a revocation.
func CheckReason(s string) error { return checkText("reason", s, 1, MaxReason) }

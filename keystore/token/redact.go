package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
)

const (
	redacted = "[redacted]"
	noKey    = "[no key]"
)

// ErrNotEncodable is returned when a [Key] is given to a binary encoder.
var ErrNotEncodable = errors.New("a key string is not encoded: use Reveal on purpose")

func redactedForm(prefix string, id ID) string {
	return prefix + "_" + string(id[:]) + "_" + redacted
}

// String returns "pak_4kTMd9zqW8aB_[redacted]", or "[no key]" for the zero Key.
func (k Key) String() string {
	if k.IsZero() {
		return noKey
	}
	return redactedForm(k.prefix, k.id)
}

// GoString returns what [Key.String] returns, as a Go expression.
func (k Key) GoString() string { return fmt.Sprintf("token.Key(%q)", k.String()) }

// Format implements [fmt.Formatter]: every verb shows the redacted form, %q
// quotes it, and width and flags work as for a string.
func (k Key) Format(f fmt.State, verb rune) {
	switch {
	case verb == 'v' && f.Flag('#'):
		_, _ = fmt.Fprint(f, k.GoString())
	case verb == 'q':
		_, _ = fmt.Fprintf(f, fmt.FormatString(f, 'q'), k.String())
	default:
		_, _ = fmt.Fprintf(f, fmt.FormatString(f, 's'), k.String())
	}
}

// LogValue implements [slog.LogValuer] with the redacted form.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText implements [encoding.TextMarshaler] with the redacted form; the
// zero Key is the empty text. There is no UnmarshalText: see [Parse].
func (k Key) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return []byte{}, nil
	}
	return []byte(k.String()), nil
}

// MarshalJSON implements [json.Marshaler] with the redacted form; the zero Key
// is the empty string.
func (k Key) MarshalJSON() ([]byte, error) {
	text, err := k.MarshalText()
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(text))
}

// MarshalBinary returns [ErrNotEncodable], so that gob and CBOR refuse a Key
// rather than store a redacted one that nobody can read back.
func (k Key) MarshalBinary() ([]byte, error) { return nil, ErrNotEncodable }

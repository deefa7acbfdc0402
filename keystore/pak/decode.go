package pak

import (
	"errors"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// Errors that [Decode], [Load] and [Decrypt] share; test with errors.Is.
var (
	// ErrTooLarge: more than [MaxSize] or [MaxEncrypted] bytes.
	ErrTooLarge = errors.New("too large for a .pak file: want at most 64 KiB, encrypted 128 KiB")
	// ErrEncrypted: Decode was given an encrypted file.
	ErrEncrypted = errors.New("the .pak file is encrypted: decrypt it first")
)

// Decode reads a plain .pak. PAK_FORMAT, PAK_API_KEY and PAK_EXPIRES must be
// there; another field that is missing reads as empty. An error is a
// [*SyntaxError], [ErrTooLarge] or [ErrEncrypted].
func Decode(b []byte) (File, error) {
	if Encrypted(b) {
		return File{}, ErrEncrypted
	}
	if len(b) > MaxSize {
		return File{}, ErrTooLarge
	}
	fields, err := readFields(string(b))
	if err != nil {
		return File{}, err
	}
	d := decoder{fields: fields}
	d.format()
	f := File{
		Key:     d.key(),
		Name:    d.text(fieldName),
		Owner:   d.text(fieldOwner),
		Issued:  d.time(fieldIssued, ""),
		Expires: d.time(fieldExpires, never),
		Allow:   d.prefixes(fieldAllow),
		Store:   d.text(fieldStore),
	}
	if d.err != nil {
		return File{}, d.err
	}
	return f, nil
}

// decoder reads one field after the other and keeps the first error.
type decoder struct {
	fields map[string]field
	err    error
}

func (d *decoder) fail(name, text string) {
	if d.err != nil {
		return
	}
	f := d.fields[name]
	d.err = &SyntaxError{Line: f.line, Field: name, Value: shown(name, f.value), Text: text}
}

// required returns the value of a field that must be there.
func (d *decoder) required(name string) string {
	f, ok := d.fields[name]
	if !ok {
		d.fail(name, "the field is missing")
	}
	return f.value
}

func (d *decoder) format() {
	if v := d.required(fieldFormat); v != format {
		d.fail(fieldFormat, "want format "+format+", which is the one that this program knows")
	}
}

func (d *decoder) key() token.Key {
	v := d.required(fieldKey)
	prefix, _, ok := strings.Cut(v, "_")
	if !ok || token.ValidatePrefix(prefix) != nil {
		d.fail(fieldKey, "want a key string such as pak_..., whole and unchanged")
		return token.Key{}
	}
	key, err := token.Parse(prefix, v)
	if bad, ok := errors.AsType[*token.FormatError](err); ok {
		d.fail(fieldKey, bad.Error())
	}
	return key
}

func (d *decoder) text(name string) string {
	v := d.fields[name].value
	if !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		d.fail(name, "want UTF-8 without control characters")
	}
	return v
}

// time reads an instant; the text zero is the zero time.
func (d *decoder) time(name, zero string) time.Time {
	v := d.fields[name].value
	var orZero string
	if zero != "" {
		v, orZero = d.required(name), " or "+zero
	}
	if v == zero {
		return time.Time{}
	}
	// The zero time would read as never, and time.Parse takes fractions that
	// the layout does not have.
	t, err := time.Parse(stamp, v)
	if err != nil || t.IsZero() || t.Format(stamp) != v {
		d.fail(name, "want an instant such as 2027-02-21T09:00:00Z"+orZero)
	}
	return t
}

func (d *decoder) prefixes(name string) []netip.Prefix {
	v := d.fields[name].value
	if v == "" {
		return nil
	}
	var list []netip.Prefix
	for item := range strings.SplitSeq(v, ",") {
		p, err := netip.ParsePrefix(item)
		if err != nil {
			d.fail(name, "want prefixes such as 10.4.7.0/26 with commas between them")
			return nil
		}
		list = append(list, p)
	}
	return list
}

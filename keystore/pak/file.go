package pak

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// Limits of [Decode], [Load] and [Decrypt], in bytes.
const (
	MaxSize      = 64 << 10  // a plain .pak
	MaxEncrypted = 128 << 10 // an encrypted one
)

// File is what a .pak file says.
type File struct {
	Key     token.Key
	Name    string         // name of the key
	Owner   string         // name of its user
	Issued  time.Time      // whole seconds; zero if unknown
	Expires time.Time      // whole seconds; zero is never
	Allow   []netip.Prefix // where the key works from; empty is anywhere
	Store   string         // the store that issued it, such as "pakdeck/7f3a9c"
}

const (
	header = "# pakdeck protected API key, format 1. Treat it like a password."
	format = "1"
	never  = "never"
	// stamp is RFC 3339 in UTC with whole seconds.
	stamp = "2006-01-02T15:04:05Z"
)

// The fields, named as in the environment of a program.
const (
	fieldFormat  = "PAK_FORMAT"
	fieldKey     = "PAK_API_KEY"
	fieldName    = "PAK_NAME"
	fieldOwner   = "PAK_OWNER"
	fieldIssued  = "PAK_ISSUED"
	fieldExpires = "PAK_EXPIRES"
	fieldAllow   = "PAK_ALLOW"
	fieldStore   = "PAK_STORE"
)

// Encode returns f as a plain .pak. Times are written in UTC and cut to the
// second. [Decode] reads it back if the key is not zero and the texts are
// UTF-8 without control characters.
func Encode(f File) []byte {
	var b bytes.Buffer
	b.WriteString(header + "\n")
	for _, field := range [...]struct{ name, value string }{
		{fieldFormat, format},
		{fieldKey, f.Key.Reveal()},
		{fieldName, f.Name},
		{fieldOwner, f.Owner},
		{fieldIssued, formatTime(f.Issued, "")},
		{fieldExpires, formatTime(f.Expires, never)},
		{fieldAllow, formatPrefixes(f.Allow)},
		{fieldStore, f.Store},
	} {
		b.WriteString(field.name + "=" + escape(field.value) + "\n")
	}
	return b.Bytes()
}

func formatTime(t time.Time, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.UTC().Format(stamp)
}

func formatPrefixes(prefixes []netip.Prefix) string {
	var b []byte
	for i, p := range prefixes {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.AppendTo(b)
	}
	return string(b)
}

package keystore

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// UserID and KeyID name a user and a key for ever: 16 characters of
// Crockford's base32 in lower case, 45 bits of the creation time in
// milliseconds, then 35 random bits. They sort by age and are never reused.
type (
	UserID string
	KeyID  string
)

const idLen = 16

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID returns an id for something made at t. Random bits come from rand.
func newID(t time.Time, rand io.Reader) (string, error) {
	var b [10]byte
	if _, err := io.ReadFull(rand, b[4:]); err != nil {
		return "", fmt.Errorf("no randomness for an id: %w", err)
	}
	low := binary.BigEndian.Uint64(b[2:]) & (1<<35 - 1)
	ms := uint64(t.UnixMilli()) & (1<<45 - 1)
	binary.BigEndian.PutUint16(b[:2], uint16(ms>>29))
	binary.BigEndian.PutUint64(b[2:], ms<<35|low)
	return idEncoding.EncodeToString(b[:]), nil
}

// isID reports whether s has the form of a user or key id.
func isID(s string) bool {
	if len(s) != idLen {
		return false
	}
	_, err := idEncoding.DecodeString(s)
	return err == nil
}

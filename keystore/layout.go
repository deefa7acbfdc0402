package keystore

import (
	"strings"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// format is the version of the row layout in doc.go. A store of another
// format is refused.
const format = 1

const (
	tableUser     = "u"
	tableUserName = "U"
	tableKey      = "k"
	tableKeyName  = "n"
	tableSecret   = "s"
	tableUses     = "w"
	tableAnnex    = "x"
)

var metaRow = []byte("m")

func userRow(id UserID) []byte       { return []byte(tableUser + string(id)) }
func userNameRow(name string) []byte { return []byte(tableUserName + foldName(name)) }
func keyRow(id KeyID) []byte         { return []byte(tableKey + string(id)) }
func secretRow(id token.ID) []byte   { return append([]byte(tableSecret), id[:]...) }
func usesRow(id token.ID) []byte     { return append([]byte(tableUses), id[:]...) }

func keyNameRow(user UserID, name string) []byte {
	return []byte(tableKeyName + string(user) + name)
}

func table(name string) kv.Range { return kv.Prefix([]byte(name)) }

// foldName makes user names that differ only in case collide: two owners
// that a tired reader takes for one are one too many.
func foldName(name string) string { return strings.ToLower(name) }

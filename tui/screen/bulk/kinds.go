package bulk

import (
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/screen/form/changes"
)

// export is the kind that changes nothing.
const export = "export to"

// kinds are what can be done with several keys.
var kinds = append(changes.Kinds[:], changes.Kind{Name: export, Example: "~/keys.csv, or .ndjson: what is known, no secrets"})

// change reads what was typed.
func (m Model) change() (bulk.Change, error) {
	return kinds[m.kind].Read(m.value.Value(), m.env.Board.Now, m.env.Local)
}

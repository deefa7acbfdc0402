package plain

import (
	"path/filepath"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// export writes the records that a filter selects to a new file.
func (t *talk) export(expr string) error {
	f, err := trail.Parse(expr, t.st.Now())
	if err != nil {
		return err
	}
	name := "pakdeck-journal-" + t.st.Now().UTC().Format("20060102-150405") + ".ndjson"
	path, err := t.askFile("Export to", filepath.Join(t.home, name), "The ending says how: .ndjson the stored bytes, .csv, or .ocsf.")
	if err != nil {
		return err
	}
	n, err := trail.ExportFile(t.ctx, t.st, f, trail.FormatOf(path), path, func(int64, int64) {})
	if err != nil {
		return err
	}
	t.say("Exported %s to %s.", text.Plural(n, "record"), path)
	return nil
}

// exportKeys writes what is known of keys to a new file.
func (t *talk) exportKeys(which string) error {
	keys, err := t.several(which)
	if err != nil {
		return err
	}
	policy, err := t.st.Policy()
	if err != nil {
		return err
	}
	path, err := t.askFile("Export "+text.Plural(len(keys), "key")+" to", filepath.Join(t.home, "keys.csv"),
		"What is known of each key, no secrets. The ending says how: .csv, or .ndjson.")
	if err != nil {
		return err
	}
	v := records.Viewer{Now: t.st.Now(), Warn: policy.WarnBefore, Policy: policy, Uses: func(k keystore.Key) (keystore.Uses, error) { return t.st.Uses(t.ctx, k) }}
	if err := records.ExportFile(t.ctx, path, records.FormatOf(path), v, keys, func(int) {}); err != nil {
		return err
	}
	t.say("Exported %s to %s.", text.Plural(len(keys), "key"), path)
	return nil
}

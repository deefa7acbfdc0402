package bulk

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Words tells changes on one line: "expires 2026-12-01 09:00 -> none".
func Words(diff []keystore.Change) string {
	parts := make([]string, len(diff))
	for i, c := range diff {
		parts[i] = c.Field + " " + valueWords(c.Before) + " -> " + valueWords(c.After)
	}
	return strings.Join(parts, "; ")
}

func valueWords(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		if v == "" {
			return "none"
		}
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.Format("2006-01-02 15:04")
		}
		return v
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return strings.Join(v, ",")
	}
	return fmt.Sprint(v)
}

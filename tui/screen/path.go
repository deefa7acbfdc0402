package screen

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
)

// Tilde writes a path for people, with the home folder as "~".
func (e *Env) Tilde(path string) string {
	if rest, err := filepath.Rel(e.Home, path); e.Home != "" && err == nil && filepath.IsLocal(rest) {
		return filepath.Join("~", rest)
	}
	return path
}

// Path returns the path of a file that was typed. A relative one begins in the
// home folder.
func (e *Env) Path(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	path := strings.TrimPrefix(typed, "~/")
	switch {
	case typed == "" || strings.HasSuffix(typed, "/"):
		return "", fmt.Errorf("%s is no file; write a path such as %s", text.Quote(typed), e.Tilde(filepath.Join(e.Home, "name")))
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	case !filepath.IsAbs(e.Home):
		return "", fmt.Errorf("%s does not begin at the root; write a path such as /home/mira/name", text.Quote(typed))
	}
	return filepath.Join(e.Home, path), nil
}

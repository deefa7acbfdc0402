package pak

import (
	"os"
	"path/filepath"
	"strings"
)

// InGitWorkTree reports whether a file at path would lie in a Git work tree,
// where it is easily committed, and the root of it. Neither the file nor its
// folder need exist.
func InGitWorkTree(path string) (root string, ok bool) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", false
	}
	// Git sees where links lead, not how the path was spelled.
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	for {
		// A folder, or a file in linked work trees and submodules.
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// maxFileName is the longest name that FileName returns, in bytes.
const maxFileName = 100

// FileName returns a file name for a key name: lower case, of [a-z0-9._-] and
// at most 100 bytes, not hidden, no option and ending in ".pak". Different
// names may get the same one.
func FileName(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ".pak")
	var b strings.Builder
	for _, c := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._-", c) {
			c = '-'
		}
		if c == '-' && strings.HasSuffix(b.String(), "-") {
			continue
		}
		b.WriteRune(c)
	}
	stem := strings.TrimLeft(b.String(), ".-")
	stem = stem[:min(len(stem), maxFileName-len(".pak"))]
	if stem = strings.TrimRight(stem, ".-"); stem == "" {
		stem = "key"
	}
	return stem + ".pak"
}

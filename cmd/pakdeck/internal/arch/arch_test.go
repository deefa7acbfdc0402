// Package arch checks that the rooms of the house keep apart: who may import
// whom, and what lies at the top level.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "github.com/pakdeck/pakdeck/"
	root   = "../../../.."
)

// imports maps each package folder to what its files import; tests apart.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[filepath.ToSlash(rel)] = append(out[filepath.ToSlash(rel)], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d packages found below %s", len(out), root)
	}
	return out
}

// sharedByScreens are parts that several screens are made of.
var sharedByScreens = []string{"tui/screen/browse", "tui/screen/form", "tui/screen/search"}

// in reports whether a folder is one of the given ones or lies in one.
func in(folder string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool {
		return folder == r || strings.HasPrefix(folder, r+"/")
	})
}

// rank orders the rooms of the top level: imports go from right to left.
var rank = map[string]int{"keystore": 0, "audit": 1, "tui": 2, "cmd": 3}

func top(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

func TestArrowsPointOneWay(t *testing.T) {
	for folder, list := range imports(t) {
		for _, imported := range list {
			if other, ours := strings.CutPrefix(imported, module); ours && rank[top(other)] > rank[top(folder)] {
				t.Errorf("%s imports %s", folder, other)
			}
		}
	}
}

func TestForbiddenImports(t *testing.T) {
	leaves := []string{"keystore/kv", "keystore/token", "keystore/iprule", "keystore/expiry", "keystore/pak", "keystore/quote"}
	for _, rule := range []struct {
		why    string
		from   func(folder string) bool
		banned func(folder, imported string) bool
	}{
		{
			"leaves use nothing of the project but each other", func(f string) bool { return in(f, leaves...) },
			func(_, i string) bool {
				other, ours := strings.CutPrefix(i, module)
				return ours && !in(other, leaves...)
			},
		},
		{
			"no terminal below the dashboard", func(f string) bool { return in(f, "keystore", "audit") },
			func(_, i string) bool {
				return strings.HasPrefix(i, "charm.land/") || strings.HasPrefix(i, "github.com/charmbracelet/")
			},
		},
		{
			"bbolt stays in kv/bolt", func(f string) bool { return f != "keystore/kv/bolt" },
			func(_, i string) bool { return strings.HasPrefix(i, "go.etcd.io/bbolt") },
		},
		{
			"widgets know nothing of keys", func(f string) bool { return in(f, "tui/widget", "tui/theme", "tui/keymap", "tui/text") },
			func(_, i string) bool {
				return strings.HasPrefix(i, module+"keystore") || strings.HasPrefix(i, module+"audit")
			},
		},
		{
			"screens do not import each other", func(f string) bool { return path.Dir(f) == "tui/screen" },
			func(f, i string) bool {
				other, ours := strings.CutPrefix(i, module)
				return ours && path.Dir(other) == "tui/screen" && other != f && !slices.Contains(sharedByScreens, other)
			},
		},
		{
			"Bubble Tea, Bubbles and Lip Gloss at v2", func(string) bool { return true },
			func(_, i string) bool {
				return slices.ContainsFunc([]string{"bubbletea", "bubbles", "lipgloss"}, func(n string) bool {
					return strings.HasPrefix(i, "github.com/charmbracelet/"+n)
				})
			},
		},
	} {
		t.Run(rule.why, func(t *testing.T) {
			for folder, list := range imports(t) {
				for _, imported := range list {
					if rule.from(folder) && rule.banned(folder, imported) {
						t.Errorf("%s imports %s", folder, imported)
					}
				}
			}
		})
	}
}

func TestTheTopLevelStaysSmall(t *testing.T) {
	allowed := []string{"cmd", "tui", "keystore", "audit", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "bin"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}

func TestTheDashboardStartsNoGoroutines(t *testing.T) {
	err := filepath.WalkDir(filepath.Join(root, "tui"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(filepath.ToSlash(name), "tui/tuitest/") {
			return err
		}
		b, err := os.ReadFile(name)
		for i, line := range strings.Split(string(b), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "go func") {
				t.Errorf("%s:%d starts a goroutine: a panic in it would leave the terminal broken", name, i+1)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

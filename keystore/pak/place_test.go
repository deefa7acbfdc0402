package pak

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestInGitWorkTree(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(
		os.MkdirAll(at("repo/.git"), 0o700),
		os.MkdirAll(at("repo/a/b"), 0o700),
		os.MkdirAll(at("repo/module"), 0o700),
		os.WriteFile(at("repo/module/.git"), []byte("gitdir: ../.git/modules/module\n"), 0o600),
		os.MkdirAll(at("plain/.github"), 0o700),
		os.Symlink(at("repo/a"), at("plain/into")),
		os.Symlink(at("plain"), at("repo/out")),
	); err != nil {
		t.Fatal(err)
	}
	t.Chdir(at("repo/a"))
	for path, want := range map[string]string{
		at("repo/x.pak"):          at("repo"),
		at("repo/a/b/x.pak"):      at("repo"),
		at("repo/a/missing/x"):    at("repo"),
		at("repo/module/x.pak"):   at("repo/module"),
		at("plain/into/b/x.pak"):  at("repo"),
		at("repo/out/x.pak"):      "",
		at("plain/x.pak"):         "",
		at("repo/../plain/x.pak"): "",
		"x.pak":                   at("repo"),
		"b/../../x.pak":           at("repo"),
		"../../x.pak":             "",
		"/x.pak":                  "",
	} {
		root, ok := InGitWorkTree(path)
		if root != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", path, root, want)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"ci-deploy":               "ci-deploy.pak",
		"CI Deploy":               "ci-deploy.pak",
		"v1.2_x":                  "v1.2_x.pak",
		"key.pak":                 "key.pak",
		"KEY.PAK":                 "key.pak",
		"a  / \\ b":               "a-b.pak",
		"../../etc/passwd":        "etc-passwd.pak",
		"/etc/passwd":             "etc-passwd.pak",
		"-rf":                     "rf.pak",
		"--":                      "key.pak",
		"":                        "key.pak",
		".":                       "key.pak",
		"..":                      "key.pak",
		".pak":                    "key.pak",
		".ssh":                    "ssh.pak",
		"日本":                      "key.pak",
		"Zürich (prod)":           "z-rich-prod.pak",
		"a\x00b\nc":               "a-b-c.pak",
		"trailing dots...":        "trailing-dots.pak",
		strings.Repeat("x", 2048): strings.Repeat("x", 96) + ".pak",
	} {
		if got := FileName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"ci-deploy", "", "..", "-", ".pak.pak", "ÄÖ/ü", strings.Repeat("-a", 80), "\xff\xfe"} {
		f.Add(s)
	}
	safe := regexp.MustCompile(`^[a-z0-9_][a-z0-9._-]*\.pak$`)
	f.Fuzz(func(t *testing.T, name string) {
		got := FileName(name)
		if !safe.MatchString(got) || len(got) > maxFileName {
			t.Fatalf("%q: %q", name, got)
		}
		if again := FileName(got); again != got {
			t.Fatalf("%q: %q, then %q", name, got, again)
		}
	})
}

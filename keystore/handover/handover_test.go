package handover_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// hostile would run, expand or fall apart in a file that took it as it is.
var hostile = []string{
	"ci-deploy", "two words", "$(touch pwned)", "`touch pwned`", `"; touch pwned; "`, "'", `back\slash`, "# x", "- a: b",
	"line\nheader = \"X: y\"", "\x1b[2J", "Zürich 日本", "a\u2028b", "<&>", "{{x}}", "!!python/object", "_-._", "",
}

func sample(t testing.TB, name string) pak.File {
	t.Helper()
	k, err := token.Mint("pak", rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	return pak.File{
		Key: k, Name: name, Owner: name, Store: "pakdeck/7f3a9c",
		Issued: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Expires: time.Date(2027, 2, 21, 9, 0, 0, 0, time.UTC),
		Allow: []netip.Prefix{netip.MustParsePrefix("10.4.7.0/26")},
	}
}

// write encodes a key in a form and saves it as an operator would.
func write(t *testing.T, form string, f pak.File) string {
	t.Helper()
	x, err := handover.Named(form)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "api-key")
	if err := pak.Save(path, b); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a program that reads the file, or skips the test without it.
func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	c := exec.Command(path, args...)
	c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	c.Dir = t.TempDir()
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	if entries, _ := os.ReadDir(c.Dir); len(entries) > 0 {
		t.Fatalf("%s left %v behind", name, entries)
	}
	return string(out)
}

func TestAShellReadsDotenv(t *testing.T) {
	for _, name := range hostile {
		f := sample(t, name)
		if got := run(t, nil, "sh", "-c", `set -a; . "$1"; printf %s "$PAK_API_KEY"`, "sh", write(t, "dotenv", f)); got != f.Key.Reveal() {
			t.Errorf("%q: the shell sees %q", name, got)
		}
	}
}

func TestJqReadsJSON(t *testing.T) {
	for _, name := range hostile {
		f := sample(t, name)
		path := write(t, "json", f)
		if got := run(t, nil, "jq", "-j", ".api_key", path); got != f.Key.Reveal() {
			t.Errorf("%q: the key is %q", name, got)
		}
		if got := run(t, nil, "jq", "-j", ".name", path); got != name {
			t.Errorf("the name is %q, want %q", got, name)
		}
	}
	never := sample(t, "x")
	never.Expires, never.Allow = time.Time{}, nil
	if got := run(t, nil, "jq", "-c", "[.expires,.allow,.issued]", write(t, "json", never)); got != `[null,[],"2026-11-23T04:00:00Z"]`+"\n" {
		t.Errorf("got %s", got)
	}
}

func TestKubectlReadsASecret(t *testing.T) {
	for _, name := range hostile {
		f := sample(t, name)
		out := run(t, nil, "kubectl", "label", "--local", "-f", write(t, "kubernetes", f), "a=b", "-o", "json")
		var got struct {
			Kind, Type string
			Metadata   struct {
				Name        string
				Annotations map[string]string
			}
			StringData map[string]string
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if got.Kind != "Secret" || got.Type != "Opaque" || got.StringData["api-key"] != f.Key.Reveal() || got.Metadata.Annotations["pakdeck/name"] != name {
			t.Errorf("%q: kubectl sees %+v", name, got)
		}
	}
}

func TestNamesThatKubernetesTakes(t *testing.T) {
	valid := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	for _, name := range append(hostile, strings.Repeat("x.", 200), "a._b", "UPPER_case", "..", "日本") {
		b := encode(t, "kubernetes", sample(t, name))
		_, rest, _ := strings.Cut(b, "metadata:\n  name: ")
		got, _, _ := strings.Cut(rest, "\n")
		if !valid.MatchString(got) || len(got) > 253 {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func encode(t testing.TB, form string, f pak.File) string {
	t.Helper()
	x, err := handover.Named(form)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSystemdReadsACredential(t *testing.T) {
	f := sample(t, "ci-deploy")
	path := write(t, "systemd", f)
	got := run(t, []string{"CREDENTIALS_DIRECTORY=" + filepath.Dir(path)}, "systemd-creds", "cat", "--newline=no", filepath.Base(path))
	if got != f.Key.Reveal() {
		t.Errorf("systemd sees %q", got)
	}
}

func TestCurlSendsTheKey(t *testing.T) {
	var seen, extra string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen, extra = r.Header.Get("Authorization"), r.Header.Get("X")
	}))
	defer server.Close()
	for _, name := range hostile {
		f := sample(t, name)
		run(t, nil, "curl", "--silent", "--config", write(t, "curl", f), server.URL)
		if seen != "Bearer "+f.Key.Reveal() || extra != "" {
			t.Errorf("%q: the server got %q, %q", name, seen, extra)
		}
	}
}

func TestPakIsTheFirstForm(t *testing.T) {
	f := sample(t, "ci-deploy")
	got, err := pak.Decode([]byte(encode(t, handover.Names()[0], f)))
	if err != nil || !got.Key.Equal(f.Key) || got.Name != f.Name {
		t.Errorf("read back %v, %v", got.Name, err)
	}
}

func TestWrongNamesAreQuoted(t *testing.T) {
	if _, err := handover.Named("yaml"); err == nil || err.Error() != `"yaml" is no form of a key; write pak, dotenv, json, kubernetes, systemd, curl` {
		t.Errorf("%v", err)
	}
	secret := sample(t, "x").Key.Reveal()
	if _, err := handover.Named(secret); err == nil || strings.Contains(err.Error(), secret) {
		t.Error("a key string in the wrong place is repeated")
	}
	if x, err := handover.Named(" JSON "); err != nil || x.Name != "json" {
		t.Errorf("%v, %v", x.Name, err)
	}
}

func TestNoFormWritesNoKey(t *testing.T) {
	for _, x := range handover.Forms() {
		if _, err := x.Encode(pak.File{Name: "x"}); err == nil {
			t.Errorf("%s wrote the zero key", x.Name)
		}
		if got := x.FileName("CI Deploy.pak"); got != "ci-deploy"+x.Ending {
			t.Errorf("%s is saved as %s", x.Name, got)
		}
	}
}

package pak

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// hostileNames would run, expand or fall apart in a dotenv file that took
// them as they are.
var hostileNames = []string{
	"ci-deploy", "two words", " blanks around ", "$(touch pwned)", "`touch pwned`", "x; touch pwned",
	"x & touch pwned", "$HOME", "${HOME}", "~", "~root/x", "a:~", "*", "?", "{a,b}", "=touch", "x:=touch",
	`"quoted"`, `'quoted'`, `back\slash`, `\`, "#", "# x", "a #b", "100%", "%41", "!!", "Zürich 日本",
	"a\u2028b", "-n", "",
}

// fields returns what a program should see in its environment.
func fields(text string) map[string]string {
	want := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok && line[0] != '#' {
			want[name] = value
		}
	}
	return want
}

func compareFields(t *testing.T, label string, want, got map[string]string) {
	t.Helper()
	if len(want) != 8 {
		t.Fatalf("%d fields written, want 8", len(want))
	}
	for name, value := range want {
		if v, ok := got[name]; !ok || v != value {
			t.Errorf("%s: %s is %q (there: %v), want %q", label, name, v, ok, value)
		}
	}
}

func TestShellsReadAPlainFile(t *testing.T) {
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip("no env on this machine")
	}
	for _, shell := range []string{"sh", "dash", "bash", "zsh", "ksh"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("%s is not installed", shell)
			continue
		}
		t.Run(shell, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, name := range hostileNames {
				f := sample(t)
				f.Name, f.Owner, f.Store = name, name, name
				b := Encode(f)
				if err := os.WriteFile("x.pak", b, 0o600); err != nil {
					t.Fatal(err)
				}
				script := "set -aeu; . ./x.pak; exec " + env
				out, err := exec.CommandContext(t.Context(), env, "-i", path, "-c", script).CombinedOutput()
				if err != nil {
					t.Fatalf("%q: %v\n%s", name, err, out)
				}
				compareFields(t, name, fields(string(b)), fields(string(out)))
			}
			if _, err := os.Lstat("pwned"); err == nil {
				t.Error("a name ran as a command")
			}
		})
	}
}

// systemdFields reads a file by the rules of EnvironmentFile= in
// systemd.exec(5): blanks around a value go, quotes group, a backslash takes
// the next character as it is, or joins lines.
func systemdFields(text string) map[string]string {
	got := make(map[string]string)
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\\\n", ""), "\n") {
		line = strings.TrimSpace(line)
		name, raw, ok := strings.Cut(line, "=")
		if !ok || line[0] == '#' || line[0] == ';' {
			continue
		}
		var value strings.Builder
		raw = strings.TrimSpace(raw)
		for i := 0; i < len(raw); i++ {
			switch raw[i] {
			case '"', '\'':
				continue
			case '\\':
				if i++; i == len(raw) {
					continue
				}
			}
			value.WriteByte(raw[i])
		}
		got[strings.TrimSpace(name)] = value.String()
	}
	return got
}

func TestSystemdReadsAPlainFile(t *testing.T) {
	for _, name := range hostileNames {
		f := sample(t)
		f.Name, f.Owner = name, name
		b := string(Encode(f))
		compareFields(t, name, fields(b), systemdFields(b))
	}
}

// What the environment holds can be read back, as pakdeck exec or a script
// that writes its environment to a file would have it.
func TestValuesSurviveTheEnvironment(t *testing.T) {
	for _, name := range hostileNames {
		f := sample(t)
		f.Name = name
		var text strings.Builder
		for field, value := range fields(string(Encode(f))) {
			text.WriteString(field + "=" + value + "\n")
		}
		got, err := Decode([]byte(text.String()))
		if err != nil {
			t.Errorf("%q: %v", name, err)
		} else if diff := same(f, got); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

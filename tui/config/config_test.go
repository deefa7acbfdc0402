package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/theme"
)

func TestASettingIsReadAndTheOthersStay(t *testing.T) {
	changed := func(change func(*config.Config)) config.Config {
		c := config.Default()
		c.Mouse = config.MouseOff
		change(&c)
		return c
	}
	for text, want := range map[string]config.Config{
		"":                       changed(func(*config.Config) {}),
		"theme = 'contrast'":     changed(func(c *config.Config) { c.Theme = theme.Contrast }),
		"theme = 'colour-blind'": changed(func(c *config.Config) { c.Theme = theme.ColourBlind }),
		"ascii = true":           changed(func(c *config.Config) { c.ASCII = true }),
		"mouse = 'local'":        changed(func(c *config.Config) { c.Mouse = config.MouseLocal }),
		"[idle]\nlock = '90s'":   changed(func(c *config.Config) { c.Idle.Lock = 90 * time.Second }),
		"[idle]\nexit = 'never'": changed(func(c *config.Config) { c.Idle.Exit = 0 }),
		"idle.unlock = ['true']": changed(func(c *config.Config) { c.Idle.Unlock = []string{"true"} }),
		"[keys]\n\"key.revoke\" = ['ctrl+x']\nkey.clone = []": {},
	} {
		got, err := config.Parse([]byte(text))
		if strings.Contains(text, "[keys]") {
			if err == nil {
				t.Errorf("%q: a table of tables is no list of keys", text)
			}
			continue
		}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: %v\n%s", text, err, cmp.Diff(want, got))
		}
	}
	got, err := config.Parse([]byte("[keys]\n\"key.revoke\" = ['ctrl+x']\n\"key.clone\" = []\n"))
	want := map[string][]string{"key.revoke": {"ctrl+x"}, "key.clone": {}}
	if err != nil || !cmp.Equal(got.Keys, want) {
		t.Errorf("keys: %v, %v", got.Keys, err)
	}
}

func TestWhatCannotBeMeantIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"theme = 'drak'":          `unknown theme "drak": use auto`,
		"thme = 'dark'":           `there is no setting "thme"; there are theme`,
		"mouse = 'yes'":           `mouse "yes": use off, local or on`,
		"[idle]\nlock = '5'":      `idle.lock "5": write a time of at least 10s`,
		"[idle]\nlock = '1s'":     `write a time`,
		"[idle]\nexit = 'soon'":   `idle.exit "soon"`,
		"[idle]\nlcok = '5m'":     `"idle.lcok"`,
		"idle.unlock = ['']":      "the name of the command is empty",
		"ascii = 'yes'":           "ascii",
		"theme = \"\x1b]0;evil\"": "line 1",
		"theme":                   "line 1",
		"[keys]\n'key.new' = 'n'": "key.new",
	} {
		_, err := config.Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestAFileThatIsNotThereIsTheDefault(t *testing.T) {
	dir := t.TempDir()
	if got, err := config.Read(filepath.Join(dir, "none")); err != nil || !cmp.Equal(got, config.Default()) {
		t.Errorf("%+v, %v", got, err)
	}
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, []byte("mouse = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Read(path); err == nil || !strings.HasPrefix(err.Error(), path) {
		t.Errorf("the error does not name the file: %v", err)
	}
}

func TestTheMouseIsLeftToTheTerminalOverSSH(t *testing.T) {
	for m, want := range map[config.Mouse][2]bool{
		"": {false, false}, config.MouseOff: {false, false}, config.MouseLocal: {true, false}, config.MouseOn: {true, true},
	} {
		if got := [2]bool{m.At(false), m.At(true)}; got != want {
			t.Errorf("%q: here and over SSH %v, want %v", m, got, want)
		}
	}
}

func TestAViewIsRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "view.toml")
	if v, err := config.ReadView(path); err != nil || !cmp.Equal(v, config.View{}) {
		t.Errorf("%+v, %v", v, err)
	}
	want := config.View{Columns: []string{"name", "seen"}, Sort: "seen", Reverse: true}
	for range 2 {
		if err := config.WriteView(path, want); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := config.ReadView(path); err != nil || !cmp.Equal(v, want) {
		t.Errorf("%+v, %v", v, err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	if err := os.WriteFile(path, []byte("columns = 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := config.ReadView(path); err == nil || !cmp.Equal(v, config.View{}) {
		t.Errorf("nonsense was read as %+v, %v", v, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("theme = 'dark'\n[idle]\nlock = '15m'\n[keys]\n'key.new' = ['n']\n"))
	f.Add([]byte("mouse = \"local\"\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := config.Parse(b)
		if err == nil && (c.Idle.Lock < 0 || c.Idle.Exit < 0) {
			t.Errorf("%q: %+v", b, c.Idle)
		}
	})
}

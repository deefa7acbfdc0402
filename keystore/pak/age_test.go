package pak

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// stock returns the path of a program that these tests hold the package
// against.
func stock(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed, so files are not checked against it", name)
	}
	return path
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.Bytes())
	}
	return out
}

func TestStockAgeOpensOurFiles(t *testing.T) {
	age := stock(t, "age")
	text := Encode(sample(t))
	for name, p := range map[string]pair{
		"X25519":      agePair(t),
		"ssh-ed25519": sshPair(t, ed25519Key(t), ""),
		"ssh-rsa":     sshPair(t, rsaKey(t, 2048), ""),
	} {
		b, err := Encrypt(text, recipient(t, p.recipient))
		if err != nil {
			t.Fatal(err)
		}
		out := run(t, age, "--decrypt", "-i", write(t, "identity", []byte(p.identity)), write(t, "x.pak", b))
		if !bytes.Equal(out, text) {
			t.Errorf("%s: %q", name, out)
		}
	}
}

func TestStockAgeMakesFilesThatWeOpen(t *testing.T) {
	age := stock(t, "age")
	text := Encode(sample(t))
	in := write(t, "plain", text)
	for name, p := range map[string]pair{
		"X25519":      agePair(t),
		"ssh-ed25519": sshPair(t, ed25519Key(t), ""),
		"ssh-rsa":     sshPair(t, rsaKey(t, 2048), ""),
	} {
		for _, form := range []string{"--armor", "--encrypt"} {
			b := run(t, age, form, "-r", p.recipient, in)
			if got, err := Decrypt(b, identities(t, p.identity)...); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s %s: %q, %v", name, form, got, err)
			}
		}
	}
}

func TestIdentityFilesOfStockPrograms(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	run(t, stock(t, "age-keygen"), "-o", at("age"))
	recipients := map[string]string{"age": string(run(t, stock(t, "age-keygen"), "-y", at("age")))}
	for name, passphrase := range map[string]string{"open": "", "locked": "open sesame"} {
		run(t, stock(t, "ssh-keygen"), "-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-f", at(name))
		public, err := os.ReadFile(at(name + ".pub"))
		if err != nil {
			t.Fatal(err)
		}
		recipients[name] = string(public)
	}
	for name, public := range recipients {
		private, err := os.Open(at(name))
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		ids, err := ParseIdentities(private, ask("open sesame", &calls))
		if err := private.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b, err := Encrypt([]byte("text"), recipient(t, public))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decrypt(b, ids...); err != nil || string(got) != "text" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

//go:build !race

// The full work factor takes the race detector half a minute, and nothing here
// runs at the same time as anything else.

package pak

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// age asks for a passphrase on its terminal only.
func TestStockAgeOpensAPassphraseFile(t *testing.T) {
	age := stock(t, "age")
	text := Encode(sample(t))
	out := filepath.Join(t.TempDir(), "out")
	in := write(t, "x.pak", quick(t, "open sesame", text))
	typeInto(t, exec.CommandContext(t.Context(), age, "-d", "-o", out, in), "open sesame", 1)
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestStockAgeMakesAPassphraseFileThatWeOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt at full strength takes seconds")
	}
	age := stock(t, "age")
	text := Encode(sample(t))
	out := filepath.Join(t.TempDir(), "out")
	typeInto(t, exec.CommandContext(t.Context(), age, "-p", "-a", "-o", out, write(t, "plain", text)), "open sesame", 2)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decrypt(b, passphraseIdentity(t, "open sesame")); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestPassphraseUsesTheWorkFactorOfAge(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt at full strength takes seconds")
	}
	r, err := Passphrase("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Encrypt([]byte("text"), r)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := unarmor(b)
	if err != nil || !bytes.Contains(plain, []byte(" 18\n")) {
		t.Errorf("%q, %v", plain[:80], err)
	}
}

// typeInto runs cmd on a terminal and types line after each of the prompts.
func typeInto(t *testing.T, cmd *exec.Cmd, line string, prompts int) {
	t.Helper()
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var seen strings.Builder
	b := make([]byte, 256)
	for typed := 0; ; {
		n, err := terminal.Read(b)
		seen.Write(b[:n])
		if strings.Count(seen.String(), "passphrase") > typed && typed < prompts && strings.HasSuffix(seen.String(), ": ") {
			typed++
			if _, err := io.WriteString(terminal, line+"\n"); err != nil {
				t.Fatal(err)
			}
		}
		// Linux reports the end of a terminal as an error.
		if err != nil {
			break
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, seen.String())
	}
}

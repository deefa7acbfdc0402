package pak

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
)

// pair is a recipient and its identity, as text.
type pair struct{ recipient, identity string }

// lowWorkFactor makes scrypt fast enough for tests.
const lowWorkFactor = 10

func agePair(t testing.TB) pair {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{id.Recipient().String(), "# created for a test\n" + id.String() + "\n"}
}

func hybridPair(t testing.TB) pair {
	t.Helper()
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{id.Recipient().String(), id.String()}
}

func ed25519Key(t testing.TB) crypto.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t testing.TB, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecdsaKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sshPair writes key as OpenSSH does, encrypted unless passphrase is empty.
func sshPair(t testing.TB, key crypto.Signer, passphrase string) pair {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "test")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "test", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return pair{strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public))) + " user@host", string(pem.EncodeToMemory(block))}
}

func recipient(t testing.TB, s string) age.Recipient {
	t.Helper()
	r, err := ParseRecipient(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func identities(t testing.TB, s string) []age.Identity {
	t.Helper()
	ids, err := ParseIdentities(strings.NewReader(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func passphraseIdentity(t testing.TB, p string) age.Identity {
	t.Helper()
	id, err := PassphraseIdentity(p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// quick encrypts to a passphrase with little work.
func quick(t testing.TB, p string, b []byte) []byte {
	t.Helper()
	r, err := passphraseRecipient(p, lowWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Encrypt(b, r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

package pak

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
)

func TestDecryptOpensWhatEncryptMade(t *testing.T) {
	text := Encode(sample(t))
	for name, p := range map[string]pair{
		"X25519":      agePair(t),
		"hybrid":      hybridPair(t),
		"ssh-ed25519": sshPair(t, ed25519Key(t), ""),
		"ssh-rsa":     sshPair(t, rsaKey(t, 2048), ""),
	} {
		b, err := Encrypt(text, recipient(t, " "+p.recipient+"\n"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !Encrypted(b) || !bytes.HasPrefix(b, []byte(armor.Header)) || bytes.Contains(b, []byte("PAK_")) {
			t.Errorf("%s: not an armored age file:\n%s", name, b)
		}
		if got, err := Decrypt(b, identities(t, p.identity)...); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if got, err := Decrypt(b, identities(t, agePair(t).identity)...); !errors.Is(err, ErrNoIdentity) || got != nil {
			t.Errorf("%s with another identity: %q, %v", name, got, err)
		}
	}
}

func TestAnyRecipientOpens(t *testing.T) {
	one, two := agePair(t), sshPair(t, ed25519Key(t), "")
	b, err := Encrypt([]byte("text"), recipient(t, one.recipient), recipient(t, two.recipient))
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]age.Identity{identities(t, one.identity), identities(t, two.identity), append(identities(t, agePair(t).identity), identities(t, two.identity)...)} {
		if got, err := Decrypt(b, ids...); err != nil || string(got) != "text" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestPassphrase(t *testing.T) {
	b := quick(t, "correct horse", []byte("text"))
	if got, err := Decrypt(b, passphraseIdentity(t, "correct horse")); err != nil || string(got) != "text" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Decrypt(b, passphraseIdentity(t, "battery staple")); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := Passphrase(""); !errors.Is(err, ErrRecipient) {
		t.Errorf("empty passphrase: %v", err)
	}
	if _, err := PassphraseIdentity(""); !errors.Is(err, ErrIdentity) {
		t.Errorf("empty passphrase: %v", err)
	}
	r, err := passphraseRecipient("correct horse", lowWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Encrypt(nil, recipient(t, agePair(t).recipient), r); err == nil {
		t.Error("a passphrase beside another recipient is accepted")
	}
}

func TestDecryptBoundsTheWorkOfAHostileFile(t *testing.T) {
	b, err := unarmor(quick(t, "x", nil))
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Replace(b, []byte(" 10\n"), []byte(" 21\n"), 1)
	if _, err := Decrypt(b, passphraseIdentity(t, "x")); err == nil || !strings.Contains(err.Error(), "work factor too large") {
		t.Error(err)
	}
}

func TestEncryptRefuses(t *testing.T) {
	r := recipient(t, agePair(t).recipient)
	if _, err := Encrypt([]byte("text")); !errors.Is(err, ErrNoRecipient) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Encrypt(make([]byte, MaxSize+1), r); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := Encrypt(nil, r, recipient(t, hybridPair(t).recipient)); err == nil {
		t.Error("a post-quantum recipient is weakened by a classic one")
	}
}

func TestLargestFileFitsItsLimit(t *testing.T) {
	p := agePair(t)
	recipients := make([]age.Recipient, 100)
	for i := range recipients {
		recipients[i] = recipient(t, p.recipient)
	}
	b, err := Encrypt(make([]byte, MaxSize), recipients...)
	if err != nil || len(b) > MaxEncrypted {
		t.Fatal(len(b), err)
	}
	if got, err := Decrypt(b, identities(t, p.identity)...); err != nil || len(got) != MaxSize {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestDecryptRefuses(t *testing.T) {
	p := agePair(t)
	ids := identities(t, p.identity)
	b, err := Encrypt([]byte("text"), recipient(t, p.recipient))
	if err != nil {
		t.Fatal(err)
	}
	plain := Encode(sample(t))
	if _, err := Decrypt(plain, ids...); !errors.Is(err, ErrNotEncrypted) {
		t.Errorf("plain: %v", err)
	}
	if _, err := Decrypt(b); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("no identity: %v", err)
	}
	if _, err := Decrypt(append(bytes.Clone(b), make([]byte, MaxEncrypted)...), ids...); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	for name, in := range map[string][]byte{
		"header alone":     []byte(armor.Header),
		"no end":           b[:len(b)-10],
		"something after":  append(bytes.Clone(b), plain...),
		"plain in armor":   append([]byte(armor.Header+"\n"), plain...),
		"binary, no body":  []byte(binaryHeader),
		"binary with text": append([]byte(binaryHeader), plain...),
	} {
		if _, err := Decrypt(in, ids...); !errors.Is(err, ErrDamaged) || leaks(err.Error(), sample(t).Key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var large bytes.Buffer
	w, err := age.Encrypt(&large, recipient(t, p.recipient))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, MaxSize+1)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(large.Bytes(), ids...); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large content: %v", err)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	p := agePair(t)
	ids := identities(t, p.identity)
	armored, err := Encrypt([]byte("text"), recipient(t, p.recipient))
	if err != nil {
		t.Fatal(err)
	}
	b, err := unarmor(armored)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 1
		if got, err := Decrypt(b, ids...); err == nil {
			t.Errorf("byte %d: %q", i, got)
		}
		b[i] ^= 1
	}
	for n := range len(b) {
		if got, err := Decrypt(b[:n], ids...); err == nil {
			t.Errorf("cut to %d bytes: %q", n, got)
		}
	}
}

func FuzzDecrypt(f *testing.F) {
	p := agePair(f)
	ids := identities(f, p.identity)
	b, err := Encrypt([]byte("text"), recipient(f, p.recipient))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{b, b[:40], []byte(armor.Header), []byte(binaryHeader), Encode(sample(f)), nil} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := Decrypt(in, ids...)
		if err == nil && string(got) != "text" {
			t.Fatalf("%q", got)
		}
		if err != nil && got != nil {
			t.Fatalf("%q with %v", got, err)
		}
	})
}

package pak

import (
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func ask(answer string, calls *int) func() ([]byte, error) {
	return func() ([]byte, error) {
		*calls++
		return []byte(answer), nil
	}
}

func TestParseRecipientRefuses(t *testing.T) {
	x := agePair(t)
	key := sample(t).Key
	public := sshPair(t, ed25519Key(t), "").recipient
	weak := sshPair(t, rsaKey(t, 1024), "").recipient
	tests := []struct{ name, in, want string }{
		{"empty", "", `not a recipient: ""; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"name", "alice", `not a recipient: "alice"; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"private key", strings.TrimSpace(strings.SplitN(x.identity, "\n", 2)[1]), "not a recipient: this is a private key; give the public one that belongs to it"},
		{"key string", key.Reveal(), "not a recipient: want age1..., ssh-ed25519 ... or ssh-rsa ..."},
		{"ecdsa", sshPair(t, ecdsaKey(t), "").recipient, `not a recipient: age cannot encrypt to "ecdsa-sha2-nistp256" keys; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"security key", "sk-ssh-ed25519@openssh.com AAAA", `not a recipient: age cannot encrypt to "sk-ssh-ed25519@openssh.com" keys; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"dsa", "ssh-dss AAAA", `not a recipient: age cannot encrypt to "ssh-dss" keys; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"weak rsa", weak, `not a recipient: "` + weak[:maxShown] + `..." is damaged, incomplete or too weak`},
		{"plugin", "age1yubikey1qwertz", `not a recipient: "age1yubikey1qwertz" is damaged, incomplete or too weak`},
		{"cut off", x.recipient[:40], `not a recipient: "` + x.recipient[:40] + `" is damaged, incomplete or too weak`},
		{"hybrid cut off", "age1pq1qqqq", `not a recipient: "age1pq1qqqq" is damaged, incomplete or too weak`},
		{"ssh cut off", public[:40], `not a recipient: "` + public[:40] + `" is damaged, incomplete or too weak`},
		{"two lines", public + "\n" + public, "not a recipient: want a single line"},
		{"path", "/home/alice/.ssh/id_ed25519.pub", `not a recipient: "/home/alice/.ssh/id_ed25519.pub"; want age1..., ssh-ed25519 ... or ssh-rsa ...`},
		{"passphrase", "correct horse", "not a recipient: want age1..., ssh-ed25519 ... or ssh-rsa ..."},
	}
	for _, tt := range tests {
		_, err := ParseRecipient(tt.in)
		if !errors.Is(err, ErrRecipient) || err.Error() != tt.want {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

func TestParseIdentitiesOfAnAgeFile(t *testing.T) {
	one, two := agePair(t), hybridPair(t)
	if ids := identities(t, one.identity+"\n# second\n"+two.identity+"\n"); len(ids) != 2 {
		t.Errorf("%d identities, want 2", len(ids))
	}
}

func TestEncryptedIdentityFileAsksAtOnce(t *testing.T) {
	p := agePair(t)
	locked := string(quick(t, "open sesame", []byte(p.identity)))
	calls := 0
	ids, err := ParseIdentities(strings.NewReader(locked), ask("open sesame", &calls))
	if err != nil || calls != 1 {
		t.Fatalf("asked %d times, %v", calls, err)
	}
	b, err := Encrypt([]byte("text"), recipient(t, p.recipient))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decrypt(b, ids...); err != nil || string(got) != "text" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := ParseIdentities(strings.NewReader(locked), ask("wrong", &calls)); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := ParseIdentities(strings.NewReader(locked), ask("", &calls)); !errors.Is(err, ErrIdentity) {
		t.Errorf("empty passphrase: %v", err)
	}
	if _, err := ParseIdentities(strings.NewReader(locked), nil); !errors.Is(err, errNoPassphrase) {
		t.Errorf("nobody to ask: %v", err)
	}
}

func TestEncryptedSSHKeyAsksWhenItIsNeeded(t *testing.T) {
	if testing.Short() {
		t.Skip("each passphrase that is tried takes the race detector seconds")
	}
	p := sshPair(t, ed25519Key(t), "open sesame")
	calls := 0
	ids, err := ParseIdentities(strings.NewReader(p.identity), ask("open sesame", &calls))
	if err != nil {
		t.Fatal(err)
	}
	other, err := Encrypt(nil, recipient(t, agePair(t).recipient))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(other, ids...); !errors.Is(err, ErrNoIdentity) || calls != 0 {
		t.Errorf("file for somebody else: asked %d times, %v", calls, err)
	}
	b, err := Encrypt([]byte("text"), recipient(t, p.recipient))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, err := Decrypt(b, ids...); err != nil || string(got) != "text" || calls != 1 {
			t.Errorf("%q, asked %d times, %v", got, calls, err)
		}
	}
	if _, err := Decrypt(b, identities(t, p.identity)...); err == nil || !strings.Contains(err.Error(), errNoPassphrase.Error()) {
		t.Errorf("nobody to ask: %v", err)
	}
	ids, err = ParseIdentities(strings.NewReader(p.identity), ask("wrong", &calls))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(b, ids...); err == nil || errors.Is(err, ErrNoIdentity) {
		t.Errorf("wrong passphrase: %v", err)
	}
}

func TestParseIdentitiesRefuses(t *testing.T) {
	x := agePair(t)
	secret := strings.TrimSpace(strings.SplitN(x.identity, "\n", 2)[1])
	const wantAge = "not an identity: want lines of AGE-SECRET-KEY-1..., or an SSH private key"
	const wantSSH = "not an identity: want an SSH private key of type ed25519 or rsa"
	ssh := sshPair(t, ed25519Key(t), "").identity
	locked := "x"
	if testing.Short() {
		locked = "" // to lock one takes the race detector seconds
	}
	tests := []struct{ name, in, want string }{
		{"empty", "", wantAge},
		{"comments", "# nothing\n", wantAge},
		{"recipient", x.recipient, wantAge},
		{"damaged", secret[:30] + "Q" + secret[31:] + "Q", wantAge},
		{"plugin", "AGE-PLUGIN-YUBIKEY-1QQQQ", wantAge},
		{"key string", sample(t).Key.Reveal(), wantAge},
		{"ecdsa", sshPair(t, ecdsaKey(t), "").identity, wantSSH},
		{"locked ecdsa", sshPair(t, ecdsaKey(t), locked).identity, wantSSH},
		{"damaged SSH key", ssh[:len(ssh)/2], wantSSH},
		{"certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", wantSSH},
		{"old PEM", oldPEM(), "not an identity: encrypted in the old PEM format; convert it with ssh-keygen -p"},
		{"large", strings.Repeat("#", MaxSize+1), "not an identity: larger than 64 KiB"},
	}
	for _, tt := range tests {
		_, err := ParseIdentities(strings.NewReader(tt.in), nil)
		if !errors.Is(err, ErrIdentity) || err.Error() != tt.want {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.name, err, tt.want)
		}
	}
	broken := errors.New("broken pipe")
	if _, err := ParseIdentities(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("unreadable: %v", err)
	}
}

// oldPEM is a private key as OpenSSH wrote it before version 7.8.
func oldPEM() string {
	return string(pem.EncodeToMemory(&pem.Block{
		Type:    "RSA PRIVATE KEY",
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00112233445566778899AABBCCDDEEFF"},
		Bytes:   []byte("ciphertext"),
	}))
}

func FuzzParseRecipient(f *testing.F) {
	for _, s := range []string{agePair(f).recipient, hybridPair(f).recipient, sshPair(f, ed25519Key(f), "").recipient, "", "age1", "ssh-rsa ", "ssh-ed25519 AAAA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRecipient(s)
		if err != nil {
			if !errors.Is(err, ErrRecipient) || len(err.Error()) > 600 {
				t.Fatal(err)
			}
			return
		}
		if _, err := Encrypt([]byte("text"), r); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func FuzzParseIdentities(f *testing.F) {
	locked := "x"
	if testing.Short() {
		locked = "" // to lock one takes the race detector seconds
	}
	for _, s := range []string{agePair(f).identity, sshPair(f, ed25519Key(f), "").identity, sshPair(f, ed25519Key(f), locked).identity, "", "-----BEGIN", binaryHeader} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ids, err := ParseIdentities(strings.NewReader(s), nil)
		if (err == nil) != (len(ids) > 0) {
			t.Fatalf("%d identities with %v", len(ids), err)
		}
		for _, id := range ids {
			if id == nil {
				t.Fatal("nil identity")
			}
		}
	})
}

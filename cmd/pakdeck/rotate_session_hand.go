package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

// handFlags say how the new secrets of several keys are handed over.
type handFlags struct {
	dir, command   string
	to             []string
	passphrase     bool
	passphraseFile string
}

const (
	dirHelp            = "the `FOLDER` for the .pak files, one a key"
	toHelp             = "encrypt them to a `RECIPIENT`: age1..., ssh-ed25519 ..., ssh-rsa ..., or owner for the one that each key's owner has; repeat it"
	waitHelp           = "how long to wait for the first use of each new secret: a `TIME`, 0 for not at all, or forever"
	passphraseFileHelp = "the passphrase of the files is the first line of `FILE`"
	execHelp           = "do not write files, but run this `COMMAND` of sh for each key, with the key string on its standard input and what it is in PAK_NAME, PAK_OWNER, PAK_ID, PAK_SECRET_ID and PAK_EXPIRES; it is kept with the session"
)

func (f *handFlags) define(set *pflag.FlagSet) {
	set.StringVar(&f.dir, "dir", "", dirHelp)
	set.StringArrayVar(&f.to, "to", nil, toHelp)
	set.BoolVar(&f.passphrase, "passphrase", false, "encrypt them with a passphrase, which is asked for")
	set.StringVar(&f.passphraseFile, "passphrase-file", "", passphraseFileHelp)
	set.StringVar(&f.command, "exec", "", execHelp)
}

// files reports whether a flag is about files.
func (f *handFlags) files() bool {
	return f.dir != "" || len(f.to) > 0 || f.passphrase || f.passphraseFile != ""
}

// hand checks the flags, and returns the passphrase, if one is wanted. The folder
// becomes a whole path: a session may be resumed elsewhere.
func (f *handFlags) hand(ctx context.Context, a *app, st *keystore.Store) (h session.Hand, passphrase string, err error) {
	if f.command != "" {
		if f.files() {
			return h, "", usagef("--exec hands the keys over without files: it goes without --dir, --to and --passphrase")
		}
		if strings.TrimSpace(f.command) == "" {
			return h, "", usagef("--exec %s: say which command", text.Quote(f.command))
		}
		return session.Hand{Way: session.ToCommand, Command: f.command}, "", nil
	}
	h = session.Hand{To: f.to, Sealed: f.passphrase || f.passphraseFile != ""}
	if h.Sealed && len(f.to) > 0 {
		return h, "", usagef("a .pak file is encrypted to recipients or to one passphrase, not to both")
	}
	if h.Dir, err = f.folder(); err != nil {
		return h, "", err
	}
	if err := session.Recipients(f.to); err != nil {
		return h, "", err
	}
	if err := st.CheckFile(h.Sealed || len(f.to) > 0); err != nil {
		return h, "", err
	}
	if h.Sealed {
		passphrase, err = a.newPassphrase(ctx, f.passphraseFile)
	}
	return h, passphrase, err
}

func (f *handFlags) folder() (string, error) {
	if f.dir == "" {
		return "", usagef("--dir is missing; say where the .pak files go, or give the keys to a command with --exec")
	}
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", usagef("--dir %s is no folder", text.Quote(f.dir))
	}
	return dir, nil
}

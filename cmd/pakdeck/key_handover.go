package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	forms "github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/text"
)

// handoverFlags say where a new key string goes.
type handoverFlags struct {
	sealFlags
	pak    string
	print  bool
	format string // "": the key string alone, or a .pak in a file
}

func (f *handoverFlags) define(set *pflag.FlagSet) {
	set.StringVar(&f.pak, "pak", "", "save the key to a new .pak `FILE` instead of writing it out")
	set.StringVar(&f.format, "format", "", "`FORM` of the file, or of what is written out: "+strings.Join(forms.Names(), ", "))
	f.sealFlags.define(set, ".pak", "a file of them, or owner for the recipient of the key's owner")
	set.BoolVar(&f.print, "print", false, "write the key string out although it is saved")
}

// handover is where a new key string goes, checked before the key is made.
type handover struct {
	path  string // "" means standard output only
	to    []age.Recipient
	print bool
	form  *forms.Form // nil: the key string alone, or a .pak in a file
	said  func()      // says what was made, once it is saved
	lost  string      // what to do if the key string gets lost
}

// prepare checks what can be checked beforehand. A passphrase is asked for
// unless it is a dry run.
func (f *handoverFlags) prepare(ctx context.Context, a *app, st *keystore.Store, dryRun bool) (h handover, err error) {
	h = handover{path: f.pak, print: f.print || f.pak == ""}
	if f.format != "" {
		form, err := forms.Named(f.format)
		if err != nil {
			return h, usagef("--format: %v", err)
		}
		h.form = &form
	}
	if a.json && h.form != nil && h.print {
		return h, usagef("--json and --format both say how the key is written out; give one of them")
	}
	if err := f.check(); err != nil || f.pak == "" {
		return h, err
	}
	if err := checkPlace("--pak", f.pak); err != nil {
		return h, err
	}
	if err := st.CheckFile(f.sealed()); err != nil {
		return h, err
	}
	if root, ok := pak.InGitWorkTree(f.pak); ok {
		a.warn(f.pak + " lies in the Git work tree " + root + ": see that it is not committed")
	}
	if dryRun && f.locked() {
		return h, nil
	}
	h.to, err = f.seal(ctx, a)
	return h, err
}

// check refuses flags that do not belong together.
func (f *handoverFlags) check() error {
	if f.pak == "" && (f.sealed() || f.print) {
		return usagef("--to, --passphrase, --passphrase-file and --print are about a .pak file: give --pak FILE, too")
	}
	return f.contradiction(".pak file")
}

// checkPlace reports why no file can be made at the path of a flag.
func checkPlace(flag, path string) error {
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.IsDir():
		return usagef("%s %s is a folder; give the path of a file in it", flag, text.Quote(path))
	case err == nil:
		return usagef("%s %s exists already; give a path that is free", flag, text.Quote(path))
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("%s %s: there is no folder %s", flag, text.Quote(path), text.Quote(dir))
	}
	return tryFile(flag, path)
}

// tryFile makes a file and removes it again. Nothing else tells for certain
// that it can be made.
func tryFile(flag, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileError(flag, path, err)
	}
	if err := errors.Join(f.Close(), os.Remove(path)); err != nil {
		return fileError(flag, path, err)
	}
	return nil
}

// handOver saves the new key and writes it out. If it cannot be saved it is
// written out in any case, because nobody could get it again.
func (a *app) handOver(ctx context.Context, st *keystore.Store, k keystore.KeyView, secret token.Key, h handover) error {
	saveErr := a.savePak(st, k, secret, h)
	h.said()
	out := createdKey{view: k, pak: h.path}
	if h.print || saveErr != nil {
		out.secret, out.form = secret, h.form
	}
	if saveErr != nil {
		out.pak = ""
	}
	if err := a.printCreated(ctx, st, out); err != nil {
		return &failedError{
			text: "the key string of " + k.Ref() + " was made", err: err,
			hint: h.lost,
		}
	}
	switch {
	case saveErr != nil:
		return &failedError{text: "the key string is written out, because it could not be saved", err: saveErr}
	case h.path == "":
		return nil
	}
	return a.noteSaved(ctx, st, k, h)
}

// noteSaved records in the journal that the key was saved.
func (a *app) noteSaved(ctx context.Context, st *keystore.Store, k keystore.KeyView, h handover) error {
	how := pakForm(h.form).Kind(len(h.to) > 0)
	a.note("saved %s, %s", h.path, how)
	if err := st.NoteHandover(ctx, k.ID, keystore.Saved, forms.Detail(h.path, how)); err != nil {
		return &failedError{text: "the key string was made and saved, but the journal does not tell that it was saved", err: err}
	}
	return nil
}

// savePak writes the .pak file, if one is wanted.
func (a *app) savePak(st *keystore.Store, k keystore.KeyView, secret token.Key, h handover) error {
	if h.path == "" {
		return nil
	}
	return saveError(h.path, pakForm(h.form).Save(h.path, forms.Of(st, k, secret), h.to...))
}

// pakForm returns the form of a file: a .pak, if nothing else is asked for.
func pakForm(form *forms.Form) forms.Form {
	if form == nil {
		return forms.Forms()[0]
	}
	return *form
}

// saveError says why a file was not saved, if it was not.
func saveError(path string, err error) error {
	if err == nil {
		return nil
	}
	return fileError("saving", path, err)
}

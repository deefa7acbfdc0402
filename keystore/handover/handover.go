// Package handover writes a key string in the form that the program which will
// use it can read: a .pak file, a dotenv line, JSON, a Kubernetes Secret, a
// systemd credential, a configuration file of curl.
//
// Every form holds the key string in plain; package pak encrypts and saves the
// text. Names come from outside, so they are quoted or encoded as the form
// demands, and where a form has no place for them they are left out. The zero
// key is refused.
package handover

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Form is a way to write a key string down.
type Form struct {
	Name   string // "kubernetes", for a command line
	Title  string // "Kubernetes Secret"
	Help   string // who reads it, and how
	Ending string // of a file: ".yaml"

	write func(pak.File) ([]byte, error)
}

// Forms returns all forms, the usual one first.
func Forms() []Form {
	return []Form{
		{"pak", ".pak", "with name, owner and expiry; a dotenv file, too", ".pak", func(f pak.File) ([]byte, error) { return pak.Encode(f), nil }},
		{"dotenv", "dotenv", "one line, " + variable + "=...", ".env", dotenv},
		{"json", "JSON", "the fields of the .pak file", ".json", encode},
		{"kubernetes", "Kubernetes Secret", "kubectl apply -f FILE", ".yaml", kubernetes},
		{"systemd", "systemd credential", "LoadCredential=" + credential + ":FILE", ".cred", systemd},
		{"curl", "curl configuration", "curl --config FILE URL", ".curl", curl},
	}
}

// Names returns the names of all forms.
func Names() []string {
	var out []string
	for _, f := range Forms() {
		out = append(out, f.Name)
	}
	return out
}

// Named returns the form with a name.
func Named(name string) (Form, error) {
	all := Forms()
	i := slices.IndexFunc(all, func(f Form) bool { return strings.EqualFold(f.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Form{}, fmt.Errorf("%s is no form of a key; write %s", quote.Input(name), strings.Join(Names(), ", "))
	}
	return all[i], nil
}

// ErrNoKey: there is no key string to write down.
var ErrNoKey = errors.New("there is no key string to write down")

// Encode writes a key down. The text ends in a line end, but for the systemd
// credential, of which every byte counts.
func (f Form) Encode(file pak.File) ([]byte, error) {
	if file.Key.IsZero() {
		return nil, ErrNoKey
	}
	return f.write(file)
}

// FileName returns a file name for a key name, as [pak.FileName] does, with
// the ending of the form.
func (f Form) FileName(name string) string { return stem(name) + f.Ending }

func stem(name string) string { return strings.TrimSuffix(pak.FileName(name), ".pak") }

const (
	// variable is the name of the key string in the environment, as in a .pak.
	variable = "PAK_API_KEY"
	// credential is its name for systemd and in a Kubernetes Secret.
	credential = "api-key"
)

// about is a comment that names the key. What is quoted holds no line end.
func about(f pak.File) string {
	s := "# API key " + strconv.QuoteToASCII(f.Name) + " of " + strconv.QuoteToASCII(f.Owner)
	if !f.Expires.IsZero() {
		s += ", expires " + stamp(f.Expires)
	}
	return s + ". Treat it like a password.\n"
}

func dotenv(f pak.File) ([]byte, error) {
	return []byte(about(f) + variable + "=" + f.Key.Reveal() + "\n"), nil
}

func systemd(f pak.File) ([]byte, error) { return []byte(f.Key.Reveal()), nil }

func curl(f pak.File) ([]byte, error) {
	return []byte(about(f) + `header = "Authorization: Bearer ` + f.Key.Reveal() + "\"\n"), nil
}

// document is the JSON form. Its fields are those of a .pak file.
type document struct {
	Format  int            `json:"format"`
	Key     string         `json:"api_key"`
	Name    string         `json:"name"`
	Owner   string         `json:"owner"`
	Issued  *string        `json:"issued"`  // null: not known
	Expires *string        `json:"expires"` // null: never
	Allow   []netip.Prefix `json:"allow"`   // empty: anywhere
	Store   string         `json:"store"`
}

func encode(f pak.File) ([]byte, error) {
	d := document{
		Format: 1, Key: f.Key.Reveal(), Name: f.Name, Owner: f.Owner, Issued: instant(f.Issued),
		Expires: instant(f.Expires), Allow: append([]netip.Prefix{}, f.Allow...), Store: f.Store,
	}
	b, err := json.MarshalIndent(d, "", "  ")
	return append(b, '\n'), err
}

func instant(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

// stamp is RFC 3339 in UTC with whole seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

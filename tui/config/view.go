package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// View is how the operator left the list of keys.
type View struct {
	Columns []string `toml:"columns"` // by name, those that are shown; none: the standard ones
	Sort    string   `toml:"sort"`    // the name of the order
	Reverse bool     `toml:"reverse"`
}

// ReadView reads what was remembered. A file that does not exist, or that
// cannot be understood, is as good as none: nothing depends on it.
func ReadView(path string) (View, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return View{}, nil
	}
	var v View
	if err == nil {
		err = toml.Unmarshal(b, &v)
	}
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// WriteView remembers a view. Another dashboard that reads the file meanwhile
// sees the old one or the new one.
func WriteView(path string, v View) error {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".view-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

package records

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Format is how an export is written.
type Format string

// The formats.
const (
	NDJSON Format = "ndjson" // a [Key] a line
	CSV    Format = "csv"    // RFC 4180 under a heading
)

// Formats lists all formats.
var Formats = [...]Format{NDJSON, CSV}

// FormatOf returns the format that the ending of a file's name asks for.
func FormatOf(path string) Format {
	if strings.HasSuffix(strings.ToLower(path), ".csv") {
		return CSV
	}
	return NDJSON
}

// ParseFormat reads the name of a format.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats {
		if s == string(f) {
			return f, nil
		}
	}
	return "", fmt.Errorf("there is no export format %q; use ndjson or csv", s)
}

// Export writes keys, and tells watch after each how many are written.
func Export(ctx context.Context, w io.Writer, f Format, v Viewer, keys []keystore.KeyView, watch func(done int)) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	write, flush := lines(buffered)
	if f == CSV {
		write, flush = table(buffered)
	}
	for i, k := range keys {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := v.Key(k)
		if err == nil {
			err = write(r)
		}
		if err != nil {
			return err
		}
		watch(i + 1)
	}
	return errors.Join(flush(), buffered.Flush())
}

// ExportFile is [Export] to a new file of mode 0600; one that is there, or a link,
// is fs.ErrExist. If it fails or is stopped nothing is left.
func ExportFile(ctx context.Context, path string, f Format, v Viewer, keys []keystore.KeyView, watch func(done int)) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = Export(ctx, file, f, v, keys, watch); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func lines(w io.Writer) (write func(Key) error, flush func() error) {
	e := json.NewEncoder(w)
	return func(k Key) error { return e.Encode(k) }, func() error { return nil }
}

var heading = []string{
	"id", "user", "name", "description", "state", "scopes", "created", "not_before", "expires", "allow", "deny", "disabled", "revoked", "revoke_reason",
	"secret", "secret_made", "rotate_by", "uses", "last_used", "last_ip", "last_agent", "last_route", "version",
}

func table(w io.Writer) (write func(Key) error, flush func() error) {
	out := csv.NewWriter(w)
	first := true
	write = func(k Key) error {
		if first {
			first = false
			if err := out.Write(heading); err != nil {
				return err
			}
		}
		return out.Write(row(k))
	}
	return write, func() error {
		out.Flush()
		return out.Error()
	}
}

// row is a key under the heading.
func row(k Key) []string {
	var secret Secret
	for _, s := range k.Secrets {
		if s.State == keystore.Current {
			secret = s
		}
	}
	var last Sighting
	if k.LastUsed != nil {
		last = *k.LastUsed
	}
	scopes := make([]string, len(k.Scopes))
	for i, s := range k.Scopes {
		scopes[i] = string(s)
	}
	cells := []string{
		string(k.ID), k.User, k.Name, k.Description, string(k.State), strings.Join(scopes, " "), k.Created.String(), k.NotBefore.Or(""), k.Expires.Or("never"),
		entries(k.Allow), entries(k.Deny), k.Disabled.Or(""), k.Revoked.Or(""), k.RevokeReason,
		secret.ID, secret.Created.Or(""), k.RotateBy.Or(""), strconv.FormatUint(k.Uses, 10), last.Time.Or(""), last.IP, last.Agent, last.Route,
		strconv.FormatUint(k.Version, 10),
	}
	for i, c := range cells {
		cells[i] = trail.Cell(c)
	}
	return cells
}

func entries(list []iprule.Entry) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.String()
	}
	return strings.Join(out, "; ")
}

package trail

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Format is how an export is written.
type Format string

// The formats.
const (
	NDJSON Format = "ndjson" // the stored bytes, a record a line: what the proofs are about
	CSV    Format = "csv"    // RFC 4180 under a heading
	OCSF   Format = "ocsf"   // Open Cybersecurity Schema Framework 1.3, an event a line
)

// Formats lists all formats.
var Formats = [...]Format{NDJSON, CSV, OCSF}

// FormatOf returns the format that the ending of a file's name asks for.
func FormatOf(path string) Format {
	switch name := strings.ToLower(filepath.Base(path)); {
	case strings.HasSuffix(name, ".csv"):
		return CSV
	case strings.Contains(name, ".ocsf"):
		return OCSF
	}
	return NDJSON
}

// writer writes records in a format.
type writer interface {
	write(Entry) error
	flush() error
}

func newWriter(f Format, st *keystore.Store, w io.Writer) (writer, error) {
	switch f {
	case NDJSON:
		return lineWriter{w}, nil
	case CSV:
		return newCSVWriter(w)
	case OCSF:
		return ocsfWriter{w, st.Origin()}, nil
	}
	return nil, fmt.Errorf("there is no export format %q; use ndjson, csv or ocsf", f)
}

// Export writes the records that a filter selects, oldest first, as the journal
// is when it begins. watch is told now and then how many records were looked at.
// Nothing is written while the store is read.
func Export(ctx context.Context, st *keystore.Store, f Filter, format Format, w io.Writer, watch func(done, size int64)) (n int64, err error) {
	head, err := st.Head(ctx)
	if err != nil {
		return 0, err
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	out, err := newWriter(format, st, buffered)
	if err != nil {
		return 0, err
	}
	for from := int64(0); from < head.Size; {
		page, err := Forwards(ctx, st, f, from, exportPage)
		if err != nil {
			return n, err
		}
		for _, e := range page.Entries {
			if e.Seq >= head.Size {
				break
			}
			if err := out.write(e); err != nil {
				return n, err
			}
			n++
		}
		from = page.Next
		watch(from, head.Size)
	}
	return n, errors.Join(out.flush(), buffered.Flush())
}

// exportPage bounds the records that are held in memory.
const exportPage = 2000

// ExportFile is [Export] to a new file of mode 0600; one that is there, or a link,
// is fs.ErrExist. If it fails nothing is left.
func ExportFile(ctx context.Context, st *keystore.Store, f Filter, format Format, path string, watch func(done, size int64)) (n int64, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err = Export(ctx, st, f, format, file, watch)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return n, errors.Join(err, os.Remove(path))
	}
	return n, nil
}

type lineWriter struct{ w io.Writer }

func (l lineWriter) write(e Entry) error {
	_, err := l.w.Write(append(e.Raw, '\n'))
	return err
}

func (lineWriter) flush() error { return nil }

var csvHeading = []string{
	"seq", "time", "code", "event", "outcome", "reason", "uid", "operator", "via", "ssh_connection", "sudo_user",
	"kind", "id", "name", "ip", "agent", "route", "secret", "fingerprint", "changes", "leaf",
}

type csvWriter struct{ *csv.Writer }

func newCSVWriter(w io.Writer) (writer, error) {
	out := csvWriter{csv.NewWriter(w)}
	return out, out.Write(csvHeading)
}

func (c csvWriter) write(e Entry) error {
	changes := make([]string, len(e.Diff))
	for i, d := range e.Diff {
		changes[i] = fmt.Sprintf("%s: %s -> %s", d.Field, d.Before, d.After)
	}
	row := []string{
		strconv.FormatInt(e.Seq, 10), journal.Stamp(e.Time), strconv.Itoa(e.Code), e.Event, e.Outcome, e.Reason,
		strconv.Itoa(e.Actor.UID), e.Actor.User, e.Actor.Via, e.Actor.Claims.SSHConnection, e.Actor.Claims.SudoUser,
		e.Object.Kind, e.Object.ID, e.Object.Name, e.Source.IP, e.Source.Agent, e.Source.Route, e.Source.Secret, e.Source.Fingerprint,
		strings.Join(changes, "; "), e.Leaf().String(),
	}
	for i, cell := range row {
		row[i] = Cell(cell)
	}
	return c.Write(row)
}

func (c csvWriter) flush() error {
	c.Flush()
	return c.Error()
}

// Cell returns text for a cell of CSV: it keeps a spreadsheet from calculating
// with what others named, and a terminal from obeying it.
func Cell(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, cell)
	if first, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@＝＋－＠", first) && !isNumber(cell) {
		return "'" + cell
	}
	return cell
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

package backup

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Names of the files in a backup.
const (
	nameManifest    = "MANIFEST"
	nameStore       = "store.db"
	nameKeyring     = nameStore + ".keyring"
	nameCheckpoints = nameStore + ".checkpoints"
	namePolicy      = nameStore + ".policy.toml"
)

// names lists what may be in a backup beside the manifest, in order.
var names = []string{nameKeyring, nameCheckpoints, namePolicy, nameStore}

// title is the first line of a manifest.
const title = "# pakdeck backup, format 1"

// ErrFormat: the file is no backup, or was cut off or changed.
var ErrFormat = errors.New("not a whole backup of a pakdeck store")

// Manifest tells what is in a backup.
type Manifest struct {
	Origin string       // of the store: "pakdeck/" and its id
	Time   time.Time    // when the backup was made, UTC, seconds
	Size   int64        // records in the journal
	Root   journal.Hash // of its Merkle tree
	Files  []Sum        // in the order in which they come
}

// Sum is a file and the SHA-256 of its bytes.
type Sum struct {
	Name   string
	SHA256 [sha256.Size]byte
}

// Keyring reports whether the keyring is in the backup.
func (m Manifest) Keyring() bool { return m.has(nameKeyring) }

func (m Manifest) has(name string) bool {
	return slices.ContainsFunc(m.Files, func(s Sum) bool { return s.Name == name })
}

// text is the manifest as it is signed. The sums are as sha256sum writes them.
func (m Manifest) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nstore %s\ntime %s\njournal %d %s\n\n", title, m.Origin,
		m.Time.Format(time.RFC3339), m.Size, base64.StdEncoding.EncodeToString(m.Root[:]))
	for _, s := range m.Files {
		fmt.Fprintf(&b, "%x  %s\n", s.SHA256, s.Name)
	}
	return b.String()
}

// parseManifest reads the text of a manifest. It accepts nothing but what text
// writes.
func parseManifest(text string) (Manifest, error) {
	head, sums, ok := strings.Cut(strings.TrimPrefix(text, title+"\n\n"), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) != 3 {
		return Manifest{}, fmt.Errorf("%w: the manifest is of another format", ErrFormat)
	}
	m, err := parseHead(lines)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: the manifest: %w", ErrFormat, err)
	}
	for line := range strings.Lines(sums) {
		m.Files = append(m.Files, parseSum(strings.TrimSuffix(line, "\n")))
	}
	if m.text() != text || !m.inOrder() {
		return Manifest{}, fmt.Errorf("%w: the manifest is of another format", ErrFormat)
	}
	return m, nil
}

func parseHead(lines []string) (m Manifest, err error) {
	m.Origin = strings.TrimPrefix(lines[0], "store ")
	if m.Time, err = time.Parse(time.RFC3339, strings.TrimPrefix(lines[1], "time ")); err != nil {
		return m, err
	}
	size, root, _ := strings.Cut(strings.TrimPrefix(lines[2], "journal "), " ")
	if m.Size, err = strconv.ParseInt(size, 10, 64); err != nil {
		return m, err
	}
	b, err := base64.StdEncoding.DecodeString(root)
	copy(m.Root[:], b)
	return m, err
}

// parseSum reads a line of sha256sum. A wrong one does not come out of text as
// it went in.
func parseSum(line string) (s Sum) {
	sum, name, _ := strings.Cut(line, "  ")
	b, _ := hex.DecodeString(sum)
	copy(s.SHA256[:], b)
	s.Name = name
	return s
}

// inOrder reports whether the files are those of a backup, each once, in order.
func (m Manifest) inOrder() bool {
	last := -1
	for _, s := range m.Files {
		at := slices.Index(names, s.Name)
		if at <= last {
			return false
		}
		last = at
	}
	return m.has(nameStore) && m.has(nameCheckpoints)
}

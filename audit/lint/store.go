package lint

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

func journalBroken(s *scene) []hit {
	r := s.Store.Journal
	if r == nil || r.Intact {
		return nil
	}
	return one(hit{
		text:     "the journal is not intact: " + r.Problem,
		evidence: []string{fact("records", "%d", r.Size), fact("checkpoint", "%s", r.Checkpoint.Short())},
		fix:      advice("keep the files as they are, and compare them with a backup"),
	})
}

func notWitnessed(s *scene) []hit {
	w := s.Store.Witnessed
	if w == nil {
		return nil
	}
	since := latest(w.Time, s.Store.Created)
	if s.Now.Sub(since) <= s.Config.Witness || w.Size == 0 && s.Now.Sub(w.Back) <= s.Config.Witness {
		return nil
	}
	h := hit{
		text:     "nobody else has signed a checkpoint of the journal",
		evidence: []string{fact("store", "made %s", instant(s.Store.Created))},
		fix:      advice("let a witness on another machine sign: pakdeck serve --witness URL --witness-key KEY, or pakdeck audit cosign"),
	}
	if w.Size > 0 {
		h.text = "nobody else has signed a checkpoint of the journal for " + days(s.Now.Sub(w.Time))
		h.evidence = []string{fact("checkpoint", "%s of %s", w.Short(), instant(w.Time)), fact("signed by", "%s", strings.Join(w.By, ", "))}
	}
	return one(h)
}

func oldBackup(s *scene) []hit {
	b := s.Store.Backup
	if b == nil {
		return nil
	}
	made := []string{fact("store", "made %s", instant(s.Store.Created)), fact("last backup", "%s", instant(b.Made)), fact("last trial", "%s", instant(b.Tried))}
	switch {
	case s.Now.Sub(latest(b.Made, s.Store.Created)) > s.Config.Backup:
		h := hit{text: "the store was never backed up", evidence: made, fix: advice("back it up every night: pakdeck backup --to RECIPIENT FILE")}
		if !b.Made.IsZero() {
			h.text = "the store was not backed up for " + days(s.Now.Sub(b.Made))
		}
		return one(h)
	case s.Now.Sub(latest(b.Tried, s.Store.Created)) > s.Config.RestoreTest:
		return one(hit{
			text: "nobody has tried whether a backup can be put back", evidence: made,
			fix: advice("try it: pakdeck restore --dry-run FILE"),
		})
	}
	return nil
}

func openFiles(s *scene) (hits []hit) {
	owner, known := s.Store.owner()
	for _, f := range s.Store.Files {
		if bits := f.tooOpen(); bits != 0 {
			hits = append(hits, s.Store.openTo(f, bits))
		}
		if known && f.foreign(owner, s.Store.UID) {
			hits = append(hits, hit{
				text:     filepath.Base(f.Path) + " belongs to somebody else",
				evidence: []string{fact("file", "%s", f.Path), fact("owner", "uid %d", f.UID), fact("store", "uid %d", owner)},
				fix:      advice("give it to the owner of the store with chown"), mark: "owner " + filepath.Base(f.Path),
			})
		}
	}
	return hits
}

// tooOpen returns the permission bits that others should not have. Anybody may
// look into the folder, but who may write to it can add a policy file, even if
// a sticky bit keeps the store itself from being replaced.
func (f File) tooOpen() fs.FileMode {
	if f.Mode.IsDir() || f.Open {
		return f.Mode.Perm() & 0o022
	}
	return f.Mode.Perm() & 0o077
}

// foreign reports whether a file belongs to neither the owner of the store nor
// this process. Root may help out, and may own the folder.
func (f File) foreign(owner, uid int) bool {
	if uid != 0 && f.UID != uid && (!f.Mode.IsDir() || f.UID != 0) {
		return true
	}
	return f.UID != owner && (!f.Mode.IsDir() || f.UID != 0)
}

func (s *StoreFacts) openTo(f File, bits fs.FileMode) hit {
	verb, change := "read", "go-rwx"
	if f.Mode.IsDir() || f.Open {
		change = "go-w"
	}
	if bits&0o022 != 0 {
		verb = "change"
	}
	return hit{
		text:     fmt.Sprintf("others may %s %s", verb, filepath.Base(f.Path)),
		evidence: []string{fact("file", "%s", f.Path), fact("mode", "%04o", f.Mode.Perm())},
		fix: (&Proposal{
			Text: "take the rights of others away", Command: "chmod " + change + " " + quote.Shell(f.Path),
			Change: &Change{Do: CloseFile, File: f, Mode: f.Mode &^ (fs.ModeType | bits)},
		}).safely(),
		mark: "mode " + filepath.Base(f.Path),
	}
}

func diskFull(s *scene) (hits []hit) {
	d := s.Store.Disk
	if d == nil {
		return nil
	}
	need := max(s.Config.FreeMegabytes*1_000_000, 2*uint64(max(0, s.Store.Size)))
	if d.Free < need {
		hits = append(hits, hit{
			text: fmt.Sprintf("%d MB free; at least %d MB", d.Free/1_000_000, need/1_000_000), mark: "bytes",
			evidence: []string{fact("free", "%d bytes", d.Free), fact("store", "%d bytes", s.Store.Size)},
			fix:      advice("make room, or move the store"),
		})
	}
	if d.Inodes > 0 && d.FreeInodes < s.Config.FreeInodes {
		hits = append(hits, hit{
			text: fmt.Sprintf("room for %d more files; at least %d", d.FreeInodes, s.Config.FreeInodes), mark: "inodes",
			evidence: []string{fact("inodes", "%d free of %d", d.FreeInodes, d.Inodes)},
			fix:      advice("remove files, or move the store"),
		})
	}
	return hits
}

// firstRecord is how long after it was made a store has its first record at
// the latest.
const firstRecord = time.Hour

func shortRetention(s *scene) []hit {
	oldest, made := s.Store.Oldest, s.Store.Created
	if oldest.IsZero() || oldest.Sub(made) <= firstRecord || s.Now.Sub(oldest) >= s.Config.Retention {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("the journal reaches back %s; at least %s", days(s.Now.Sub(oldest)), days(s.Config.Retention)),
		evidence: []string{fact("oldest", "%s", instant(oldest)), fact("store made", "%s", instant(made))},
		fix:      advice("find out where the older records went"),
	})
}

package lint_test

import (
	"io/fs"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore/backup"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

func mode(file int, m fs.FileMode) func(*world) {
	return func(w *world) { w.Store.Files[file].Mode = w.Store.Files[file].Mode.Type() | m }
}

var storeTrials = map[string][]trial{
	"PAK701": {
		{"broken", func(w *world) { w.Store.Journal = &journal.Report{Problem: "record 2 was changed", Bad: 2} }, "error"},
		{"intact", func(*world) {}, ""},
		{"not verified", func(w *world) { w.Store.Journal = nil }, ""},
	},
	"PAK702": {
		{"never", func(w *world) { w.Store.Witnessed = &journal.Witnessed{} }, "warning"},
		{at + "24 hours", func(w *world) { w.Store.Witnessed.Time = now.Add(-day) }, ""},
		{"a second more", func(w *world) { w.Store.Witnessed.Time = now.Add(-day - time.Second) }, "warning"},
		{"a store of today", func(w *world) { w.Store.Witnessed, w.Store.Created = &journal.Witnessed{}, now.Add(-day) }, ""},
		{at + "not looked back far enough", func(w *world) { w.Store.Witnessed = &journal.Witnessed{Back: now.Add(-day)} }, ""},
		{"looked back far enough", func(w *world) { w.Store.Witnessed = &journal.Witnessed{Back: now.Add(-day - time.Second)} }, "warning"},
		{"not looked for", func(w *world) { w.Store.Witnessed = nil }, ""},
	},
	"PAK705": {
		{"folder open to all", mode(0, 0o777), "error"},
		{"folder readable", mode(0, 0o755), ""},
		{"folder of a group", mode(0, 0o770), "error"},
		{"store readable", mode(1, 0o640), "error"},
		{"keyring readable", mode(2, 0o604), "error"},
		{"policy writable", mode(3, 0o664), "error"},
		{"of another user", func(w *world) { w.Store.Files[2].UID = 1001 }, "error"},
		{"folder of root", func(w *world) { w.Store.Files[0].UID = 0 }, ""},
		{"root looks at it", func(w *world) { w.Store.UID = 0 }, ""},
		{"not looked at", func(w *world) { w.Store.Files = nil }, ""},
		{"as it should be", func(*world) {}, ""},
	},
	"PAK707": {
		{at + "200 MB", func(w *world) { w.Store.Disk.Free = 200_000_000 }, ""},
		{"a byte less", func(w *world) { w.Store.Disk.Free = 199_999_999 }, "warning"},
		{at + "twice the store", func(w *world) { w.Store.Size = 1 << 30; w.Store.Disk.Free = 2 << 30 }, ""},
		{"less than twice the store", func(w *world) { w.Store.Size = 1 << 30; w.Store.Disk.Free = 2<<30 - 1 }, "warning"},
		{at + "1000 files", func(w *world) { w.Store.Disk.FreeInodes = 1000 }, ""},
		{"999 files", func(w *world) { w.Store.Disk.FreeInodes = 999 }, "warning"},
		{"files without number", func(w *world) { w.Store.Disk = &lint.Disk{Free: 1 << 40} }, ""},
		{"not known", func(w *world) { w.Store.Disk = nil }, ""},
	},
	"PAK708": {
		{"never", func(w *world) { w.Store.Backup = &backup.Last{} }, "warning"},
		{at + "7 days", func(w *world) { w.Store.Backup.Made = now.Add(-7 * day) }, ""},
		{"a second more", func(w *world) { w.Store.Backup.Made = now.Add(-7*day - time.Second) }, "warning"},
		{at + "tried 90 days ago", func(w *world) { w.Store.Backup.Tried = now.Add(-90 * day) }, ""},
		{"tried a second earlier", func(w *world) { w.Store.Backup.Tried = now.Add(-90*day - time.Second) }, "warning"},
		{at + "a store of 7 days", func(w *world) { w.Store.Backup, w.Store.Created = &backup.Last{}, now.Add(-7*day) }, ""},
		{"not looked for", func(w *world) { w.Store.Backup = nil }, ""},
	},
	"PAK709": {
		{"beginning lost", func(w *world) { w.Store.Oldest = now.Add(-40 * day) }, "info"},
		{at + "365 days", func(w *world) { w.Store.Oldest = now.Add(-365 * day) }, ""},
		{"a second less", func(w *world) { w.Store.Oldest = now.Add(-365*day + time.Second) }, "info"},
		{"a young store", func(w *world) {
			w.Store.Created = now.Add(-day)
			w.Store.Oldest = w.Store.Created.Add(time.Second)
		}, ""},
		{"not known", func(w *world) { w.Store.Oldest = time.Time{} }, ""},
	},
}

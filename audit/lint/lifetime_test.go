package lint_test

import (
	"time"
)

var lifetimeTrials = map[string][]trial{
	"PAK101": {
		{"never", func(w *world) { w.key().Expires = time.Time{} }, "warning"},
		{"never, of an admin", func(w *world) { w.key().Expires = time.Time{}; w.admin() }, "error"},
		{"never, not begun", func(w *world) { w.key().Expires = time.Time{}; w.key().NotBefore = now.Add(day) }, "warning"},
		{"an end", func(*world) {}, ""},
		{"revoked", func(w *world) { w.key().Expires = time.Time{}; w.key().Revoked = now }, ""},
	},
	"PAK102": {
		{at + "366 days", func(w *world) { w.ends(326 * day) }, ""},
		{"a second more", func(w *world) { w.ends(326*day + time.Second) }, "warning"},
		{at + "731 days", func(w *world) { w.ends(691 * day) }, "warning"},
		{"more than two years", func(w *world) { w.ends(691*day + time.Second) }, "error"},
		{"never", func(w *world) { w.key().Expires = time.Time{} }, ""},
	},
	"PAK103": {
		{at + "14 days", func(w *world) { w.ends(14 * day) }, "warning"},
		{"a second later", func(w *world) { w.ends(14*day + time.Second) }, ""},
		{at + "1 day", func(w *world) { w.ends(day) }, "error"},
		{"a second more than a day", func(w *world) { w.ends(day + time.Second) }, "warning"},
		{at + "used 30 days ago", func(w *world) { w.ends(day); w.used(30 * day) }, "error"},
		{"unused", func(w *world) { w.ends(day); w.used(30*day + time.Second) }, ""},
		{"expired", func(w *world) { w.ends(0) }, ""},
	},
	"PAK104": {
		{at + "14 days", func(w *world) { w.ends(14 * day); w.used(31 * day) }, "info"},
		{"a second later", func(w *world) { w.ends(14*day + time.Second); w.used(31 * day) }, ""},
		{at + "used 30 days ago", func(w *world) { w.ends(day); w.used(30 * day) }, ""},
		{"in use", func(w *world) { w.ends(day) }, ""},
		{"never used", func(w *world) { w.ends(day); unused(w) }, "info"},
		{"never used, but new", func(w *world) { w.ends(day); w.made(2 * day); unused(w) }, ""},
	},
	"PAK105": {
		{at + "30 days", func(w *world) { w.ends(-30 * day) }, ""},
		{"a second more", func(w *world) { w.ends(-30*day - time.Second) }, "info"},
		{"revoked", func(w *world) { w.ends(-60 * day); w.key().Revoked = now }, ""},
	},
	"PAK106": {
		{at + "45 days", func(w *world) { w.used(45 * day) }, ""},
		{"a second more", func(w *world) { w.used(45*day + time.Second) }, "warning"},
		{"never used", func(w *world) { w.key().Uses.Last.Time = time.Time{} }, ""},
		{"disabled", func(w *world) { w.used(90 * day); w.key().DisabledAt = now }, ""},
	},
	"PAK107": {
		{at + "14 days", func(w *world) { w.made(14 * day); unused(w) }, ""},
		{"a second more", func(w *world) { w.made(14*day + time.Second); unused(w) }, "warning"},
		{"begun yesterday", func(w *world) { unused(w); w.key().NotBefore = now.Add(-day) }, ""},
		{"used", func(*world) {}, ""},
	},
	"PAK108": {
		{at + "90 days and 49 uses", func(w *world) { w.used(90 * day); w.key().Uses.OK = 49 }, "info"},
		{"50 uses", func(w *world) { w.used(90 * day); w.key().Uses.OK = 50 }, ""},
		{"a second less", func(w *world) { w.used(90*day - time.Second); w.key().Uses.OK = 1 }, ""},
	},
	"PAK109": {
		{at + "30 days", func(w *world) { w.made(30 * day); w.key().Name = "tmp-fix" }, ""},
		{"a second more", func(w *world) { w.made(30*day + time.Second); w.key().Name = "tmp-fix" }, "warning"},
		{"in the description", func(w *world) { w.key().Description = "for the PoC" }, "warning"},
		{"with a number", func(w *world) { w.key().Name = "test2" }, "warning"},
		{"part of a word", func(w *world) { w.key().Name = "latest-template" }, ""},
	},
	"PAK110": {
		{at + "90 days", func(w *world) { w.key().DisabledAt = now.Add(-90 * day) }, ""},
		{"a second more", func(w *world) { w.key().DisabledAt = now.Add(-90*day - time.Second) }, "info"},
		{"not disabled", func(*world) {}, ""},
		{"revoked since", func(w *world) { w.key().DisabledAt = now.Add(-91 * day); w.key().Revoked = now }, ""},
	},
}

// unused makes the first key one that was never used.
func unused(w *world) { w.key().Uses.OK, w.key().Uses.Last.Time = 0, time.Time{} }

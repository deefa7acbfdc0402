package lint

// storeRules are about the store and its files.
var storeRules = []Rule{
	{
		ID: "PAK701", Title: "journal does not verify", Severity: Error, Group: Store, check: check{store: journalBroken},
		Rationale:   "The journal is the proof of who did what. A record that was changed, or an end that was cut off, means that the proof no longer holds.",
		Sources:     []string{nistCrypto, nistProtect},
		Problematic: "pakdeck audit verify names a record that was changed.",
		Correct:     "intact: 18231 records",
		Exceptions:  "None. It is looked at only when asked for, because it reads the whole journal.",
		FixText:     "Keep the files as they are, and compare them with a backup and with checkpoints that were kept elsewhere.",
	},
	{
		ID: "PAK705", Title: "files open to others", Severity: Error, Group: Store, check: check{store: openFiles},
		Rationale:   "Whoever can read the files beside the store learns who uses which key from where; whoever can write to them or to their folder can change the policy or put another store in place.",
		Sources:     []string{nistProtect, houseRule},
		Problematic: "-rw-r--r-- store.db.backup, drwxrwxrwx of the folder",
		Correct:     "0600 for each file, 0700 for the folder, all of one owner",
		Exceptions:  "The policy file may be read by anybody.",
		FixText:     "Take the rights away with chmod.",
	},
	{
		ID: "PAK707", Title: "little room on the disk", Severity: Warning, Group: Store, check: check{store: diskFull},
		Rationale:   "Without room no change can be recorded, so none can be made: no key can be revoked. A store needs room to double.",
		Sources:     []string{bboltGrowth, nistCapacity},
		Problematic: "150 MB free beside a store of 20 MB",
		Correct:     "at least 200 MB free, and twice the size of the store",
		Exceptions:  "A file system kept for the store alone. Set free_megabytes in [lint].",
		FixText:     "Make room, or move the store.",
	},
	{
		ID: "PAK709", Title: "journal does not reach back far enough", Severity: Info, Group: Store, check: check{store: shortRetention},
		Rationale:   "The beginning of the journal is missing, and what is left reaches back less than 365 days. A leak is often found months later.",
		Sources:     []string{pciRetention, nistRetention},
		Problematic: "A store made two years ago, its oldest record 40 days old.",
		Correct:     "Records of at least 365 days, or since the store was made.",
		Exceptions:  "Laws that demand shorter retention. Set retention in [lint].",
		FixText:     "Find out where the older records went, and keep the journal for longer.",
	},
}

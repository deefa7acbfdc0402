package lint

// waiverRules are about what the linter was told to leave alone.
var waiverRules = []Rule{
	{
		ID: "PAK901", Title: "waiver without reason or author", Severity: Error, Group: Linter, check: check{waiver: waiverWithout},
		Rationale:   "A finding that was accepted by nobody, for no reason, is a finding that somebody hid.",
		Sources:     []string{nolint},
		Problematic: "A waiver made by a process whose user has no name.",
		Correct:     "pakdeck lint waive PAK101 build-bot/ci-deploy --until 90d --reason 'sealed device, OPS-114'",
		Exceptions:  "None.",
		FixText:     "Waive it anew, with a reason and under a user name.",
	},
	{
		ID: "PAK902", Title: "waiver has ended", Severity: Warning, Group: Linter, check: check{waiver: waiverExpired},
		Rationale:   "The day by which it was to be mended has passed. What the rule finds counts again.",
		Sources:     []string{trivyIgnore},
		Problematic: "A waiver until March, in November.",
		Correct:     "What was waived is mended, and the waiver is gone.",
		Exceptions:  "None: waive it anew if the reason still holds.",
		FixText:     "Mend what was waived, then take the waiver away: pakdeck lint unwaive RULE OBJECT.",
	},
	{
		ID: "PAK903", Title: "waiver is not needed", Severity: Info, Group: Linter, check: check{waiver: waiverUnused},
		Rationale:   "The rule finds nothing any more. The waiver would hide the next finding, which nobody has looked at.",
		Sources:     []string{nolint},
		Problematic: "PAK101 is waived for a key that has an end by now.",
		Correct:     "pakdeck lint unwaive PAK101 build-bot/ci-deploy",
		Exceptions:  "A finding that comes and goes.",
		FixText:     "Take the waiver away.",
	},
	{
		ID: "PAK904", Title: "waiver holds too long", Severity: Warning, Group: Linter, check: check{waiver: waiverTooLong},
		Rationale:   "What is waived for more than 180 days is never looked at again.",
		Sources:     []string{houseRule},
		Problematic: "--until 10y",
		Correct:     "--until 90d",
		Exceptions:  "Contracts that fix a term. Set max_waiver in [lint] to that term.",
		FixText:     "Waive it anew until a nearer day.",
	},
}

package lint

// metadataRules are about names and descriptions.
var metadataRules = []Rule{
	{
		ID: "PAK601", Title: "unclear name", Severity: Info, Group: Metadata, check: check{key: unclearName},
		Rationale:   "In an alarm at night the name is all there is. \"key\", \"test\" or a number says nothing.",
		Sources:     []string{vergeKeys, owaspMetadata},
		Problematic: "mira/key",
		Correct:     "mira/invoice-export",
		Exceptions:  "A name that is clear to its team, however short.",
		FixText:     "Name the key after the program that uses it: pakdeck key edit KEY --name TEXT.",
	},
	{
		ID: "PAK602", Title: "name breaks the convention", Severity: Info, Group: Metadata, check: check{key: oddName},
		Rationale:   "Names of one form can be sorted, searched and typed. The form is name_pattern of the policy, else words in lower case joined by hyphens.",
		Sources:     []string{houseRule},
		Problematic: "Deploy Key (NEW)",
		Correct:     "deploy-key",
		Exceptions:  "Names in other scripts. Set name_pattern in [key].",
		FixText:     "Rename the key. Its id and its secret stay the same.",
	},
	{
		ID: "PAK603", Title: "no description", Severity: Info, Group: Metadata, check: check{key: noDescription},
		Rationale:   "Nobody dares to revoke a key of which nobody knows what it is for. Of an admin it is a warning.",
		Sources:     []string{owaspMetadata},
		Problematic: "pakdeck key create --user build-bot --name ci-deploy --expires 90d",
		Correct:     "… --description 'deploys the shop from CI; breaks the nightly release'",
		Exceptions:  "None.",
		FixText:     "Say what uses the key and what stops without it: pakdeck key edit KEY --description TEXT.",
	},
	{
		ID: "PAK604", Title: "two keys for one purpose", Severity: Warning, Group: Metadata, check: check{key: duplicate},
		Rationale:   "Two usable keys of one owner with the same scopes, and the same description or nearly the same name. One of them was forgotten after a rotation by hand.",
		Sources:     []string{cisOneKey},
		Problematic: "build-bot/ci-deploy and build-bot/ci-deploy2",
		Correct:     "build-bot/ci-deploy",
		Exceptions:  "Numbered siblings, such as runner-01 and runner-02, are not counted. Keys for two regions whose names differ by two letters are.",
		FixText:     "Find out which of the two is in use, and revoke the other.",
	},
	{
		ID: "PAK605", Title: "secret in name or description", Severity: Error, Group: Metadata, check: check{key: secretText},
		Rationale:   "Names and descriptions are shown, logged and kept in the journal for ever. What stands there is no longer secret.",
		Sources:     []string{owaspNever, nhiLeakage},
		Problematic: "--description 'old value was AKIA…'",
		Correct:     "--description 'uploads invoices to the archive'",
		Exceptions:  "None. The public id of a key may be named.",
		FixText:     "Replace that secret where it is used, then remove it here. The journal keeps the old text.",
	},
}

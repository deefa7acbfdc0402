package lint

// ownerRules are about who owns keys, and what these may do.
var ownerRules = []Rule{
	{
		ID: "PAK301", Title: "key owned by an admin", Severity: Error, Group: Owner, check: check{key: adminKey},
		Rationale:   "The key may do whatever its owner may, and an admin may do everything. A program never needs that.",
		Sources:     []string{cisRoot, nhiPrivileged, prowler},
		Problematic: "pakdeck key create --user root --name backup --expires 90d",
		Correct:     "pakdeck user add backup-bot --permission backup:write, and a key for that user",
		Exceptions:  "A key for emergencies. Set allow_admin_keys in [lint] if admins own keys on purpose.",
		FixText:     "Make a service user with the permissions the program needs, give it a key, and revoke this one.",
	},
	{
		ID: "PAK302", Title: "owner disabled or gone", Severity: Error, Group: Owner, check: check{key: orphaned},
		Rationale:   "The key is refused only because of its owner. It works again on the day somebody enables the owner, with a secret that may have left with that person.",
		Sources:     []string{nistAccounts, socRemoved, nhiOffboarding},
		Problematic: "pakdeck user disable mira, and her 3 keys stay as they are",
		Correct:     "The user is disabled, and so is each of its keys.",
		Exceptions:  "A user who is away for a few days.",
		FixText:     "Disable the key, which can be undone, or revoke it.",
	},
	{
		ID: "PAK304", Title: "too many keys of one owner", Severity: Warning, Group: Owner, check: check{owner: manyKeys},
		Rationale:   "An owner with more than 5 usable keys no longer knows where each of them lies.",
		Sources:     []string{cisOneKey},
		Problematic: "build-bot with 9 usable keys",
		Correct:     "A service user for each program, each with one key.",
		Exceptions:  "A key for each machine of a fleet. Set most_keys in [lint].",
		FixText:     "Revoke what is not used, and give each program a user of its own.",
	},
	{
		ID: "PAK305", Title: "key without scopes", Severity: Warning, Group: Owner, check: check{key: unscoped},
		Rationale:   "A key without scopes, or with *:*, may do whatever its owner may, now and after the owner is given more. Of an admin it is an error.",
		Sources:     []string{cisAPIs, nhiPrivileged},
		Problematic: "pakdeck key create --user build-bot --name ci-deploy --expires 90d",
		Correct:     "pakdeck key create --user build-bot --name ci-deploy --expires 90d --scope deploy:write",
		Exceptions:  "An owner with a single permission.",
		FixText:     "Name what the key is for: pakdeck key edit KEY --scope SCOPE.",
	},
	{
		ID: "PAK307", Title: "owner without a contact", Severity: Info, Group: Owner, check: check{owner: noContact},
		Rationale:   "When a key leaks at night, somebody has to know whom to ask before it is revoked.",
		Sources:     []string{owaspMetadata},
		Problematic: "pakdeck user add build-bot",
		Correct:     "pakdeck user add build-bot --contact 'platform team, +49 30 1234'",
		Exceptions:  "None.",
		FixText:     "Name a team or a person: pakdeck user edit NAME --contact TEXT.",
	},
}

// rotationRules are about the age of secrets.
var rotationRules = []Rule{
	{
		ID: "PAK501", Title: "rotation overdue", Severity: Warning, Group: Rotation, check: check{key: rotationOverdue},
		Rationale:   "The secret is more than 90 days old. In that time it was copied into backups, images and the laptops of people who have left. At twice the age it is an error.",
		Sources:     []string{cisRotate, cisKeyRotate, pciRotate, owaspRotate},
		Problematic: "A key with a secret of February, in November.",
		Correct:     "A new secret every 90 days.",
		Exceptions:  "A store whose own risk analysis says otherwise. Set rotate in [lint], rotate_every in [key], or an interval of the key's own.",
		FixText:     "Issue a new secret, hand it over, and end the old one once the client has moved: pakdeck key rotate KEY --grace 24h.",
	},
	{
		ID: "PAK502", Title: "grace left open", Severity: Error, Group: Rotation, check: check{key: graceOpen},
		Rationale:   "Two secrets of the key work at the same time, and will for more than 7 days. The old one is the one that is in backups and chats.",
		Sources:     []string{cisOverlap},
		Problematic: "pakdeck key rotate build-bot/ci-deploy --grace 90d",
		Correct:     "pakdeck key rotate build-bot/ci-deploy --grace 24h",
		Exceptions:  "Clients that are updated once a month. Set longest_grace in [lint].",
		FixText:     "End the old secret as soon as nobody uses it: pakdeck key retire KEY.",
	},
	{
		ID: "PAK503", Title: "old secret still used", Severity: Warning, Group: Rotation, check: check{key: oldStillUsed},
		Rationale:   "The new secret is in use, but somebody used the old one in the last 24 hours. When it ends, that client stops.",
		Sources:     []string{cisOverlap, owaspRotate},
		Problematic: "10.4.7.9 has moved, 10.4.7.40 has not.",
		Correct:     "All clients use the new secret before the old one ends.",
		Exceptions:  "None.",
		FixText:     "Give these clients the new secret.",
	},
	{
		ID: "PAK504", Title: "rotation can be finished", Severity: Info, Group: Rotation, check: check{key: oldIdle},
		Rationale:   "The new secret has been in use for 24 hours, and in that time nobody has used the old one.",
		Sources:     []string{cisOverlap},
		Problematic: "An old secret that works for another 5 days and that nobody needs.",
		Correct:     "pakdeck key retire build-bot/ci-deploy",
		Exceptions:  "A weekly job that has not run yet.",
		FixText:     "End the old secret.",
	},
	{
		ID: "PAK505", Title: "secret older than its owner's contact", Severity: Warning, Group: Rotation, check: check{key: handedOver},
		Rationale:   "The owner was handed over to other people, who are its contact now. Those who were it before still know the secret.",
		Sources:     []string{owaspRotate, nhiOffboarding},
		Problematic: "A secret of March; since June the platform team has been the contact, not mira.",
		Correct:     "A new secret when other people take over.",
		Exceptions:  "The same people under another name or address.",
		FixText:     "Issue a new secret and hand it to the new contact: pakdeck key rotate KEY --grace 24h.",
	},
}

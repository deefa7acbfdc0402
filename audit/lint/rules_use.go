package lint

// useRules hold the address lists against the callers that were seen.
var useRules = []Rule{
	{
		ID: "PAK204", Title: "allow list wider than use", Severity: Info, Group: Network, check: check{key: widerThanUse},
		Rationale:   "The list lets in more than 256 times as many addresses as its callers need. Each of the others is a place from which a leaked key works. More than 65,536 needless addresses are a warning.",
		Sources:     []string{accessAnalyzer, stripeIPs},
		Problematic: "allow 10.0.0.0/8, and all uses come from 10.4.7.9 and 10.4.7.40",
		Correct:     "allow 10.4.7.0/26",
		Exceptions:  "Clients that move, such as an autoscaling group. Allow the range they move in, and waive the finding.",
		FixText:     "Allow only the networks its callers come from: the tightest list of at most 8 entries is proposed, with what it would have refused.",
	},
	{
		ID: "PAK210", Title: "address family missing", Severity: Warning, Group: Network, check: check{key: familyMissing},
		Rationale:   "The list has entries of one address family, and callers with the other are refused. A client that was given IPv6 yesterday is a common outage.",
		Sources:     []string{houseRule},
		Problematic: "allow 198.51.100.0/28, and 2001:db8:20::9 is refused every minute",
		Correct:     "allow 198.51.100.0/28, 2001:db8:20::/64",
		Exceptions:  "A scanner that happens to have the key's id.",
		FixText:     "Find out whose addresses these are, and add their network: pakdeck key edit KEY --add-allow ADDRESS.",
	},
	{
		ID: "PAK213", Title: "list and callers on different sides of a proxy", Severity: Warning, Group: Network, check: check{key: frontUnknown},
		Rationale:   "The list has private networks only and all callers are public, or the other way round. Most often the verifier sees the address of a proxy instead of the client's.",
		Sources:     []string{opperLists, houseRule},
		Problematic: "allow 198.51.100.0/28, and every caller is 10.0.0.5",
		Correct:     "pakdeck serve --trusted-proxy 10.0.0.5",
		Exceptions:  "None.",
		FixText:     "Name the proxy to the verifier, or correct the list.",
	},
	{
		ID: "PAK214", Title: "allow list covers a trusted proxy", Severity: Error, Group: Network, check: check{key: proxyAllowed},
		Rationale:   "A verifier believes what this proxy says of its client's address. If it says nothing, because its configuration changed or because somebody asks from the proxy's machine, the proxy's own address counts, and the list lets everybody in. Of a whole prefix of proxies a part is a warning: it may be that no proxy has that address. What verifiers of the last 7 days were told is looked at.",
		Sources:     []string{opperLists, houseRule},
		Problematic: "allow 10.0.0.5, and pakdeck serve --trusted-proxy 10.0.0.5",
		Correct:     "allow 198.51.100.0/28, the clients behind the proxy",
		Exceptions:  "A client that runs on the proxy's machine. Give it an address of its own.",
		FixText:     "Allow the addresses of the clients behind the proxy, not its own, or name the proxy more narrowly to the verifier.",
	},
	{
		ID: "PAK215", Title: "stale entry", Severity: Info, Group: Network, check: check{key: staleEntries},
		Rationale:   "The key is in use, but nobody has come from this entry in 90 days. The office has moved, the runner is gone; whoever has the addresses now is let in.",
		Sources:     []string{accessAnalyzer},
		Problematic: "allow 10.4.7.0/26, 198.51.100.0/28, and all uses come from 10.4.7.0/26",
		Correct:     "allow 10.4.7.0/26",
		Exceptions:  "A second site for emergencies.",
		FixText:     "Take the entry out of the list: pakdeck key edit KEY --remove-allow ADDRESS.",
	},
	{
		ID: "PAK303", Title: "busy key of a person", Severity: Info, Group: Owner, check: check{key: busyPerson},
		Rationale:   "A person does not call 100 times a day: a program does. It will stop on the day that person leaves.",
		Sources:     []string{oktaService, nhiHuman},
		Problematic: "mira/nightly-export, 4,000 uses a day",
		Correct:     "export-bot/nightly, and mira is the contact of export-bot",
		Exceptions:  "A person whose tools call a lot.",
		FixText:     "Make a service user for the program, and give it a key of its own.",
	},
}

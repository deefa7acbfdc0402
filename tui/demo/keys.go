package demo

import (
	"strings"
	"time"
)

const (
	minute = time.Minute
	hour   = time.Hour
)

// Callers that several keys share.
var (
	runner1  = caller{"203.0.113.17", "github-actions/2.319", "POST /v1/deployments"}
	runner2  = caller{"203.0.113.21", "github-actions/2.319", "GET /v1/artifacts"}
	edgeFra  = caller{"203.0.113.5", "edge-gateway/4.2", "GET /v1/routes"}
	edgeNAT  = caller{"198.51.100.7", "edge-gateway/4.2", "GET /v1/routes"}
	edgeV6   = caller{"2001:db8:20::9", "edge-gateway/4.3", "GET /v1/routes"}
	edgeUS   = caller{"198.51.100.130", "edge-gateway/4.2", "GET /v1/routes"}
	grafana  = caller{"10.1.2.3", "Grafana/11.2", "GET /v1/metrics"}
	agent    = caller{"10.4.7.12", "backup-agent/1.9", "PUT /v1/artifacts"}
	batch    = caller{"10.9.9.9", "python-requests/2.32", "GET /v1/export"}
	acme     = caller{"192.0.2.44", "acme-sync/3.1", "POST /v1/orders"}
	globex   = caller{"192.0.2.90", "Java-http-client/21", "GET /v1/catalog"}
	phone    = caller{"198.51.100.77", "okhttp/4.12", "POST /v1/chat/completions"}
	phoneV6  = caller{"2001:db8:77::a1", "CFNetwork/1498", "POST /v1/chat/completions"}
	laptop   = caller{"198.51.100.201", "curl/8.9", "GET /v1/metrics"}
	scanner  = caller{"203.0.113.70", "Go-http-client/1.1", "GET /v1/routes"}
	stranger = caller{"192.0.2.199", "python-httpx/0.27", "GET /v1/profile"}
)

var longName = "nightly-reconciliation-of-partner-invoices-with-the-ledger-of-the-previous-business-day-and-the-report-to-" + strings.Repeat("a", 20)

var issues = []issue{
	// Platform and builds.
	{"build-bot", "ci-deploy-staging", "rolls out every merge to staging", "deploy:write artifact:read", 90, 0, 2.2, []string{"203.0.113.16/28 # build farm", "198.51.100.7 # fallback runner"}, nil, traffic{86, 3 * minute, []caller{runner1, runner2}, nil}},
	{"build-bot", "ci-deploy-prod", "rolls out releases", "deploy:write artifact:read", 44, 0, 46, []string{"203.0.113.16/28 # build farm"}, nil, traffic{9, 5 * hour, []caller{runner1}, []denial{{"ip_denied", 3, 9 * day, laptop, "denied: not in the allow list (1 entry)"}}}},
	{"build-bot", "artifact-cache", "", "cache:* artifact:read", 300, 0, 65, []string{"203.0.113.0/24 # build farm", "10.4.0.0/16"}, nil, traffic{1900, 1 * minute, []caller{runner1, runner2, agent}, nil}},
	{"build-bot", "ci-legacy", "the old runners", "deploy:*", 680, 0, 20, nil, nil, traffic{0, 0, nil, []denial{{"revoked", 41, 2 * day, runner2, "the key was revoked: moved to the new runners"}}}},
	{"platform@corp", "terraform-apply", "plans and applies infra changes", "*:write", 244, 0, 120, nil, nil, traffic{2, 8 * day, []caller{{"198.51.100.52", "Terraform/1.9", "PUT /v1/infra"}}, nil}},
	{"platform@corp", "metrics-pusher", "pushes host metrics", "metrics:write", 84, 0, 6.1, []string{"10.0.0.0/8 # all hosts"}, nil, traffic{2880, 1 * hour, []caller{{"10.20.0.4", "vector/0.40", "POST /v1/metrics"}, {"10.20.0.5", "vector/0.40", "POST /v1/metrics"}}, nil}},
	{"platform@corp", "grafana-ro", "dashboards, read only", "metrics:read", 304, 0, 30, []string{"10.1.2.3 # grafana"}, nil, traffic{480, 4 * minute, []caller{grafana}, []denial{{"scope_denied", 2, 20 * day, grafana, "metrics:write is not among the key's scopes: metrics:read"}}}},
	{"platform@corp", "backup-agent", "nightly backups of artifacts", "artifact:*", 354, 0, 11, []string{"10.4.7.0/26 # backup net"}, nil, traffic{24, 9 * hour, []caller{agent}, nil}},
	{"platform@corp", "status-page", "", "metrics:read", 180, 0, 185, nil, nil, traffic{1440, 40 * time.Second, []caller{{"192.0.2.10", "uptime/2.1", "GET /v1/metrics"}}, nil}},
	{"platform@corp", "chaos-monkey", "breaks things on purpose, Tuesdays only", "infra:write", 20, 0, 70, []string{"10.66.6.0/24"}, nil, traffic{1, 6 * day, []caller{{"10.66.6.13", "chaos/1.0", "DELETE /v1/infra"}}, nil}},

	// Edge.
	{"edge@corp", "edge-gateway-eu", "routes for the European edge", "edge:read edge:write", 321, 0, 44, []string{"198.51.100.0/25 # eu office nat", "203.0.113.0/24 # edge pop fra", "203.0.113.128/25 # edge pop fra b"}, []string{"203.0.113.64/26 # scanner, INC-482", "2001:db8:bad::/48 # abuse report"}, traffic{1780, 2 * time.Second, []caller{edgeNAT, edgeFra, edgeV6, grafana}, []denial{{"ip_denied", 917, 2 * minute, scanner, "denied by d1 203.0.113.64/26"}}}},
	{"edge@corp", "edge-gateway-us", "routes for the American edge", "edge:read edge:write", 321, 0, 44.1, []string{"198.51.100.128/25 # us east"}, nil, traffic{1410, 1 * time.Second, []caller{edgeUS}, nil}},
	{"edge@corp", "edge-gateway-ap", "starts with the Singapore site", "edge:read edge:write", 8, 7, 190, []string{"2001:db8:65::/48 # sin"}, nil, traffic{0, 0, nil, []denial{{"not_yet_valid", 12, 26 * hour, caller{"2001:db8:65::4", "edge-gateway/4.3", "GET /v1/routes"}, "the key is not valid yet"}}}},
	{"edge@corp", "edge-canary", "", "edge:read", 61, 0, 29, []string{"203.0.113.5 # fra 1"}, nil, traffic{288, 51 * time.Second, []caller{edgeFra}, nil}},
	{"edge@corp", "legacy-sync", "nobody knows any more", "edge:read", 600, 0, 0, nil, nil, traffic{0, 94 * day, []caller{{"10.3.0.8", "Wget/1.20", "GET /v1/routes"}}, nil}},

	// Data.
	{"data-team", "billing-export", "monthly numbers for finance", "billing:read export:read", 336, 0, 29.2, []string{"10.9.0.0/16 # batch"}, nil, traffic{1200, 12 * time.Second, []caller{batch}, nil}},
	{"data-team", "adhoc-export", "", "export:*", 260, 0, 105, nil, nil, traffic{0, 43 * day, []caller{batch}, []denial{{"disabled", 7, 11 * day, batch, "the key was disabled"}}}},
	{"data-team", longName, "the name is as long as a name may be", "import:*", 150, 0, 220, []string{"10.9.9.0/24"}, nil, traffic{3, 14 * hour, []caller{batch}, nil}},
	{"data-team", "支払い-worker", "settles payments in Tokyo", "billing:read import:write", 275, 0, 90, []string{"192.0.2.160/28 # 東京"}, nil, traffic{640, 51 * time.Second, []caller{{"192.0.2.161", "支払い/2.0", "POST /v1/import"}}, nil}},
	{"data-team", "مزامنة-المخزون", "stock sync, Dubai", "import:write", 130, 0, 51, []string{"2001:db8:971::/48"}, nil, traffic{96, 22 * minute, []caller{{"2001:db8:971::2", "sync/1.4", "POST /v1/import"}}, nil}},
	{"data-team", "naïve-bayes trainer №7", "spam model", "export:read", 33, 0, 12.5, nil, nil, traffic{12, 3 * hour, []caller{batch}, nil}},
	{"data-team", "'; DROP TABLE keys; --", "somebody tested the form", "export:read", 95, 0, -5, nil, nil, traffic{0, 0, nil, nil}},

	// Partners.
	{"partners@corp", "partner-acme", "orders of Acme", "order:* catalog:read", 292, 0, 73, []string{"192.0.2.32/27 # acme"}, nil, traffic{380, 6 * minute, []caller{acme}, nil}},
	{"partners@corp", "partner-globex", "catalogue for Globex", "catalog:read", 277, 0, 88, []string{"192.0.2.90 # globex"}, nil, traffic{4, 2 * day, []caller{globex}, nil}},
	{"partners@corp", "partner-initech", "test access, never used", "catalog:read", 94, 0, 271, nil, nil, traffic{0, 0, nil, nil}},
	{"partners@corp", "partner-umbrella", "webhooks", "webhook:write", 210, 0, 150, []string{"192.0.2.128/28"}, nil, traffic{52, 2 * hour, []caller{{"192.0.2.130", "umbrella-hooks/7", "POST /v1/webhooks"}}, []denial{{"disabled", 260, 300 * hour, caller{"192.0.2.130", "umbrella-hooks/7", "POST /v1/webhooks"}, "the key was disabled"}}}},
	{"partners@corp", "partner-hooli", "contract until November", "order:read", 340, 0, 25, nil, nil, traffic{75, 26 * hour, []caller{{"192.0.2.66", "hooli/1", "GET /v1/orders"}}, []denial{{"revoked", 38, 20 * minute, caller{"192.0.2.66", "hooli/1", "GET /v1/orders"}, "the key was revoked: contract ended"}}}},
	{"partners@corp", "<script>alert(1)</script>", "a partner with humour", "catalog:read", 55, 0, 35, nil, nil, traffic{1, 30 * hour, []caller{{"192.0.2.77", "<b>bot</b>", "GET /v1/catalog?q=<img>"}}, nil}},
	{"partners@corp", "partner-wayne", "begins in January", "catalog:read order:read", 3, 39, 404, []string{"192.0.2.240/29 # gotham"}, nil, traffic{0, 0, nil, nil}},

	// Mobile.
	{"mobile", "ios-app", "the app in the store", "chat:write profile:read", 250, 0, 115, nil, nil, traffic{9200, 1 * time.Second, []caller{phone, phoneV6}, nil}},
	{"mobile", "android-app", "the app in the store", "chat:write profile:read", 250, 0, 115.1, nil, nil, traffic{12400, 1 * time.Second, []caller{phone, phoneV6}, nil}},
	{"mobile", "android-debug", "for debugging", "chat:* profile:*", 200, 0, 160, nil, nil, traffic{30, 581 * hour, []caller{phone}, []denial{{"revoked", 5210, 4 * minute, stranger, "the key was revoked: found in a public repository"}}}},
	{"mobile", "old-mobile-app", "version 3, end of life", "chat:write", 379, 0, -14, nil, nil, traffic{210, 14 * day, []caller{phone}, []denial{{"expired", 1830, 15 * minute, phone, "the key expired"}}}},
	{"mobile", "push-sender", "", "push:write", 88, 0, 3.4, []string{"10.30.0.0/24 # push"}, nil, traffic{740, 30 * time.Second, []caller{{"10.30.0.7", "push/5.5", "POST /v1/push"}}, nil}},
	{"mobile", "load test", "only when announced", "chat:write", 40, 0, 9.3, nil, nil, traffic{0, 19 * day, []caller{{"10.99.0.1", "k6/0.53", "POST /v1/chat/completions"}}, nil}},

	// People.
	{"jonas", "laptop", "lost on a train, found again?", "metrics:read", 77, 0, 13.5, nil, nil, traffic{6, 152 * hour, []caller{laptop}, []denial{{"disabled", 1, 5 * day, laptop, "the key was disabled"}}}},
	{"jonas", "cli", "", "deploy:read artifact:read", 30, 0, 60, nil, nil, traffic{11, 40 * minute, []caller{laptop}, nil}},
	{"jonas", "--help", "a name that looks like an option", "metrics:read", 12, 0, 18, nil, nil, traffic{0, 0, nil, nil}},
	{"mira", "break-glass", "emergencies only; every use is looked at", "", 365, 0, 0.9, nil, nil, traffic{0, 210 * day, []caller{{"198.51.100.7", "curl/8.5", "GET /v1/infra"}}, nil}},
	{"mira", "$(reboot) `id` %s ../../etc/passwd", "collects what should never be run", "metrics:read", 66, 0, 24, nil, nil, traffic{0, 0, nil, nil}},
	{"contractor-2025", "contractor-2025", "migration project", "artifact:read", 299, 0, 18.2, nil, nil, traffic{14, 3483 * hour, []caller{{"198.51.100.222", "git/2.45", "GET /v1/artifacts"}}, []denial{{"owner_disabled", 19, 40 * day, caller{"198.51.100.222", "git/2.45", "GET /v1/artifacts"}, "the owner is disabled"}}}},
}

// strangers are refused attempts that prove nothing.
var strangers = []denial{
	{"malformed", 0, 3 * day, caller{"192.0.2.199", "zgrab/0.x", "GET /"}, ""},
	{"unknown", 0, 60 * hour, caller{"192.0.2.199", "zgrab/0.x", "GET /v1/profile"}, ""},
	{"unknown", 0, 7 * hour, caller{"2001:db8:bad::1", "", "POST /v1/chat/completions"}, ""},
	{"malformed", 0, 3 * hour, caller{"203.0.113.199", "curl/8.9", "GET /v1/metrics"}, ""},
	{"wrong_secret", 0, 55 * minute, scanner, ""},
}

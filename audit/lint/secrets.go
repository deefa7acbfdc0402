package lint

import (
	"regexp"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// tokenForm is the form of a secret that is known by its looks.
type tokenForm struct {
	anchor string // stands in every such secret
	re     *regexp.Regexp
}

// tokenForms are the forms that their issuers document, and those that
// standards fix (RFC 7468, 7519, 3986).
var tokenForms = []tokenForm{
	{"gh", regexp.MustCompile(`\bgh[pousr]_[0-9A-Za-z]{36,}`)},
	{"github_pat_", regexp.MustCompile(`\bgithub_pat_[0-9A-Za-z_]{22,}`)},
	{"glpat-", regexp.MustCompile(`\bglpat-[0-9A-Za-z_-]{20,}`)},
	{"xox", regexp.MustCompile(`\bxox[abeprs]-[0-9A-Za-z-]{10,}`)},
	{"AKIA", regexp.MustCompile(`\bAKIA[0-9A-Z]{16}\b`)},
	{"ASIA", regexp.MustCompile(`\bASIA[0-9A-Z]{16}\b`)},
	{"AIza", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`)},
	{"k_", regexp.MustCompile(`\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}`)},
	{"sk-", regexp.MustCompile(`\bsk-[0-9A-Za-z_-]{32,}`)},
	{"npm_", regexp.MustCompile(`\bnpm_[0-9A-Za-z]{36}`)},
	{"eyJ", regexp.MustCompile(`\beyJ[0-9A-Za-z_-]+\.eyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*`)},
	{"PRIVATE KEY", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----.*`)},
	{"AGE-SECRET-KEY-1", regexp.MustCompile(`AGE-SECRET-KEY-1[0-9A-Z]{20,}`)},
	{"://", regexp.MustCompile(`://[^/\s:@]*:[^/\s@]{3,}@`)},
}

// redactedMark stands where a secret stood.
const redactedMark = "[redacted]"

// redact returns text without what looks like a secret: key strings of this
// store, and well-known forms of others.
func redact(prefix, text string) string {
	text = token.Redact(prefix, text)
	for _, f := range tokenForms {
		if strings.Contains(text, f.anchor) {
			text = f.re.ReplaceAllLiteralString(text, redactedMark)
		}
	}
	return text
}

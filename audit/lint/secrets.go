package lint

import (
	"regexp"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// tokenForm is the form of a secret that is known by its looks.
type tokenForm struct {
	anchor  string // stands in every such secret
	letters uint64 // of the anchor
	re      *regexp.Regexp
}

func form(anchor, pattern string) tokenForm {
	return tokenForm{anchor, letters(anchor), regexp.MustCompile(pattern)}
}

// tokenForms are the forms that their issuers document, and those that
// standards fix (RFC 7468, 7519, 3986).
var tokenForms = []tokenForm{
	form("gh", `\bgh[pousr]_[0-9A-Za-z]{36,}`),
	form("github_pat_", `\bgithub_pat_[0-9A-Za-z_]{22,}`),
	form("glpat-", `\bglpat-[0-9A-Za-z_-]{20,}`),
	form("xox", `\bxox[abeprs]-[0-9A-Za-z-]{10,}`),
	form("AKIA", `\bAKIA[0-9A-Z]{16}\b`),
	form("ASIA", `\bASIA[0-9A-Z]{16}\b`),
	form("AIza", `\bAIza[0-9A-Za-z_-]{35}`),
	form("k_", `\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}`),
	form("sk-", `\bsk-[0-9A-Za-z_-]{32,}`),
	form("npm_", `\bnpm_[0-9A-Za-z]{36}`),
	form("eyJ", `\beyJ[0-9A-Za-z_-]+\.eyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*`),
	form("PRIVATE KEY", `-----BEGIN [A-Z ]*PRIVATE KEY-----.*`),
	form("AGE-SECRET-KEY-1", `AGE-SECRET-KEY-1[0-9A-Z]{20,}`),
	form("://", `://[^/\s:@]*:[^/\s@]{3,}@`),
}

// redactedMark stands where a secret stood.
const redactedMark = "[redacted]"

// redact returns text without what looks like a secret: key strings of this
// store, and well-known forms of others.
func redact(prefix, text string) string {
	text = token.Redact(prefix, text)
	has := letters(text)
	for i := range tokenForms {
		f := &tokenForms[i]
		if has&f.letters == f.letters && strings.Contains(text, f.anchor) {
			text = f.re.ReplaceAllLiteralString(text, redactedMark)
		}
	}
	return text
}

package httpauth

import (
	"net/http"
	"strings"
)

// credential is what a request brought to prove itself.
type credential struct {
	key   string
	found bool
	// several: more than one header of a kind. Which of them another program
	// on the way took for the real one is anybody's guess.
	several bool
}

// credentialOf returns the key string of a request: from Authorization with
// the scheme Bearer (RFC 6750 section 2.1), else from X-API-Key. Another
// scheme is not ours and counts as none.
func credentialOf(h http.Header) credential {
	auth := h["Authorization"]
	if len(auth) > 1 {
		return credential{several: true}
	}
	if len(auth) == 1 {
		if key, ok := bearer(auth[0]); ok {
			return credential{key: key, found: true}
		}
	}
	keys := h["X-Api-Key"]
	if len(keys) > 1 {
		return credential{several: true}
	}
	if len(keys) == 1 && keys[0] != "" {
		return credential{key: keys[0], found: true}
	}
	return credential{}
}

// bearer returns what follows the scheme Bearer, in any case, and at least
// one space. What it returns may have any form: the verifier judges it.
func bearer(value string) (key string, ok bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimLeft(rest, " "), true
}

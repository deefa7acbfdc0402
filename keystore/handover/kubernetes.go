package handover

import (
	"encoding/json"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/pak"
)

// maxName is the longest name that Kubernetes takes (RFC 1123 subdomain).
const maxName = 253

// kubernetes writes a Secret with the key string under "api-key". Values are
// JSON strings, which YAML 1.2 reads as they are.
func kubernetes(f pak.File) ([]byte, error) {
	expires := "never"
	if !f.Expires.IsZero() {
		expires = stamp(f.Expires)
	}
	var b strings.Builder
	b.WriteString("apiVersion: v1\nkind: Secret\nmetadata:\n  name: " + objectName(f.Name) + "\n  annotations:\n")
	for _, a := range []struct{ name, value string }{
		{"pakdeck/name", f.Name}, {"pakdeck/owner", f.Owner}, {"pakdeck/expires", expires}, {"pakdeck/store", f.Store},
	} {
		value, err := json.Marshal(a.value)
		if err != nil {
			return nil, err
		}
		b.WriteString("    " + a.name + ": " + string(value) + "\n")
	}
	b.WriteString("type: Opaque\nstringData:\n  " + credential + ": \"" + f.Key.Reveal() + "\"\n")
	return []byte(b.String()), nil
}

// objectName returns a name that Kubernetes takes, made of a key's.
func objectName(name string) string {
	s := strings.NewReplacer("_", "-").Replace(stem(name))
	var parts []string
	for part := range strings.SplitSeq(s, ".") {
		if part = strings.Trim(part, "-"); part != "" {
			parts = append(parts, part)
		}
	}
	s = strings.Join(parts, ".")
	if s = strings.Trim(s[:min(len(s), maxName)], "-."); s == "" {
		return "key"
	}
	return s
}

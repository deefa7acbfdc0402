package session

import "github.com/pakdeck/pakdeck/keystore"

// Ways returns the ways in which a step can be handed over, in the order in which
// they are offered, as its owner and the policy are.
func (s Session) Ways(owner keystore.User, p keystore.Policy) (out []Way) {
	if s.Dir != "" && owner.Recipient != "" {
		out = append(out, ToOwner)
	}
	if s.Dir != "" && (s.Sealed || p.AllowPlainFiles) {
		out = append(out, ToFile)
	}
	if s.Command != "" {
		out = append(out, ToCommand)
	}
	return append(out, ToClipboard)
}

// WithoutRecipient returns the keys whose owner has no recipient.
func WithoutRecipient(keys []keystore.KeyView) (out []keystore.KeyView) {
	for _, k := range keys {
		if k.Owner.Recipient == "" {
			out = append(out, k)
		}
	}
	return out
}

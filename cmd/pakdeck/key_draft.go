package main

import (
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// draftJSON is a key that would be issued.
type draftJSON struct {
	DryRun          bool             `json:"dry_run"`
	User            string           `json:"user"`
	Name            string           `json:"name"`
	Description     string           `json:"description"`
	State           keystore.State   `json:"state"`
	Scopes          []keystore.Scope `json:"scopes"`
	EffectiveScopes []keystore.Scope `json:"effective_scopes"`
	NotBefore       instant          `json:"not_before"`
	Expires         instant          `json:"expires"`
	Allow           []iprule.Entry   `json:"allow"`
	Deny            []iprule.Entry   `json:"deny"`
	RotateEvery     string           `json:"rotate_every"`
	WarnBefore      string           `json:"warn_before"`
}

// draftRows are the fields that an operator chooses.
func draftRows(k keystore.KeyView, v viewer) [][]string {
	rows := [][]string{
		{"user", k.Owner.Name},
		{"name", k.Name},
		{"description", k.Description},
		{"state", string(v.state(k))},
		{"begins", instant(k.NotBefore).Or("at once")},
		{"expires", expiryText(k.Expires, v.now)},
		{"rotate", intervalText(k.RotateEvery)},
		{"warn", intervalText(k.WarnBefore)},
		{"scopes", scopeRow(k)},
	}
	rows = append(rows, listRows("allow", "any address", entryTexts(k.Rules.Allow))...)
	return append(rows, listRows("deny", "none", entryTexts(k.Rules.Deny))...)
}

// scopeRow says what a key may do, and what of it the owner lacks.
func scopeRow(k keystore.KeyView) string {
	own, effective := scopeText(k.Scopes), scopeText(k.EffectiveScopes())
	switch {
	case effective == "":
		return own + " (nothing: the owner has no such permission)"
	case own == "":
		return "all of the owner's: " + effective
	case own == effective:
		return own
	}
	return own + " (within the owner's permissions: " + effective + ")"
}

// listRows are a list with a label before its first item.
func listRows(label, empty string, items []string) [][]string {
	if len(items) == 0 {
		return [][]string{{label, empty}}
	}
	rows := make([][]string, len(items))
	for i, item := range items {
		rows[i] = []string{"", item}
	}
	rows[0][0] = label
	return rows
}

package form

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Rows of the forms about a key, as problems name them.
const (
	Owner       = "owner"
	Name        = "name"
	Description = "description"
	ScopeList   = "scopes"
	Expiry      = "expires"
	NotBefore   = "not before"
	Rotate      = "rotate every"
	Warn        = "warn before"
	Addresses   = "addresses"
)

// fields are the names that errors of the store give to the rows.
var fields = map[string]string{
	"user": Owner, "name": Name, "description": Description, "scope": ScopeList, "scopes": ScopeList,
	"expires": Expiry, "not before": NotBefore, "rotate every": Rotate, "rotate_every": Rotate, "warn before": Warn, "allow": Addresses, "deny": Addresses,
}

// RowOf returns the row for a field of a key as the store names it, or "".
func RowOf(field string) string { return fields[field] }

// Sort takes an error of the store apart: what is wrong with which row, and
// what is about none.
func Sort(err error) (rows map[string]string, rest error) {
	rows = map[string]string{}
	var others []error
	for _, e := range flatten(err) {
		if !sortOne(rows, e) {
			others = append(others, e)
		}
	}
	return rows, errors.Join(others...)
}

func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

// sortOne puts an error to its row and reports whether it has one.
func sortOne(rows map[string]string, err error) bool {
	if e, ok := errors.AsType[*keystore.FieldError](err); ok && RowOf(e.Field) != "" {
		note(rows, RowOf(e.Field), e.Error())
		return true
	}
	if e, ok := errors.AsType[*iprule.ProblemError](err); ok {
		note(rows, Addresses, e.Error())
		return true
	}
	e, ok := errors.AsType[*keystore.PolicyError](err)
	if !ok {
		return false
	}
	for _, v := range e.Violations {
		if RowOf(v.Field) == "" {
			return false
		}
	}
	Violate(rows, e.Violations)
	return true
}

// Violate adds what the policy forbids to the rows that it is about.
func Violate(rows map[string]string, found []keystore.Violation) {
	for _, v := range found {
		note(rows, RowOf(v.Field), "policy: "+v.Text)
	}
}

// note adds a problem to a row; the first one is told.
func note(rows map[string]string, row, problem string) {
	if rows[row] == "" {
		rows[row] = problem
	}
}

// Outside refuses scopes that are not within the permissions of an owner.
func Outside(scopes []keystore.Scope, owner keystore.User) error {
	allowed := owner.Allowed()
	for _, s := range scopes {
		if owner.ID != "" && len(keystore.Effective([]keystore.Scope{s}, allowed)) == 0 {
			return fmt.Errorf("%s is outside the permissions of %s (%s); untick it, or add it to the user first",
				s, owner.Name, ScopeWords(allowed))
		}
	}
	if len(scopes) > keystore.MaxScopes {
		return fmt.Errorf("%d scopes are too many; at most %d are allowed", len(scopes), keystore.MaxScopes)
	}
	return nil
}

// ScopeWords lists scopes for a sentence.
func ScopeWords(scopes []keystore.Scope) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(texts(scopes), ", ")
}

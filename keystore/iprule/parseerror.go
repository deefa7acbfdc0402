package iprule

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// ParseError says why an input is no address rule.
type ParseError struct {
	Input  string // as [quote.Input] shows it
	Reason string // continues the input: "has a port"
	Fix    string // what would be right: "write 192.0.2.1"
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Input, e.Reason, e.Fix)
}

func refuse(input, reason, fix string) *ParseError {
	return &ParseError{quote.Input(strings.TrimSpace(input)), reason, fix}
}

package words

import (
	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/review"
)

// Comment returns the comment that is offered for a verdict on a key: if something
// is to happen to it, the gravest of the findings about it.
func Comment(v review.Verdict, found []lint.Finding) string {
	if v == review.Keep || v == review.Ask || len(found) == 0 {
		return ""
	}
	return found[0].Rule + " " + found[0].Text
}

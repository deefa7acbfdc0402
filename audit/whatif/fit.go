package whatif

import (
	"errors"
	"net/netip"

	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// mostFitted is how many prefixes a fitted allow list has at most.
const mostFitted = 8

// Fit returns an allow list as tight as the callers that were accepted let it be;
// entries that stay keep their notes. With callers that were not told apart it
// would shut some out, so there is none then.
func (e Evidence) Fit(now iprule.Rules) ([]iprule.Entry, error) {
	var sources []netip.Prefix
	for _, a := range e.Addresses {
		if a.OK > 0 {
			sources = append(sources, netip.PrefixFrom(a.IP, a.IP.BitLen()))
		}
	}
	switch {
	case len(sources) == 0:
		return nil, errors.New("nobody was seen whom the list could be fitted to")
	case e.Beyond > 0:
		return nil, errors.New("not fitted: there were more callers than are told apart, and some would be refused")
	}
	cover := iprule.NewCover(sources, mostFitted)
	var allow []iprule.Entry
	for _, p := range cover.With(cover.Elbow()) {
		allow = append(allow, iprule.Entry{Prefix: p, Note: e.noteOf(p, now)})
	}
	return allow, nil
}

// noteOf returns the note of an entry that is in the allow list, or says where a
// new one comes from.
func (e Evidence) noteOf(p netip.Prefix, now iprule.Rules) string {
	for _, x := range now.Allow {
		if x.Prefix == p {
			return x.Note
		}
	}
	return "seen until " + e.To.Format("2006-01-02")
}

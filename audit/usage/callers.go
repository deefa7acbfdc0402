package usage

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Caller is who used a secret. Its agent and route are families; [Several]
// stands for more than were told apart.
type Caller struct {
	keystore.Caller
	Counts
	// First and Last are of the days that lie in the span, at least in part.
	First, Last time.Time

	hours []int64 // in which it was seen, as far as they are known
}

// Beyond reports whether the Caller stands for all who are beyond the bounds.
func (c Caller) Beyond() bool { return c.Caller == keystore.Caller{} }

// Rhythm returns how the uses of a caller are spread over hours. It is known
// for as long as the hours of callers are kept.
func (c Caller) Rhythm() Rhythm { return rhythmOf(c.hours) }

func (c *Caller) add(r *Report, l *line, n Counts, hours []int64) {
	c.Counts = c.Add(n)
	first, last := fromMillis(l.first), fromMillis(l.last)
	if first.Before(r.From) {
		first = r.From // the day began before the span
	}
	if !last.Before(r.To) {
		last = r.To.Add(-time.Millisecond)
	}
	if c.First.IsZero() || first.Before(c.First) {
		c.First = first
	}
	if last.After(c.Last) {
		c.Last = last
	}
	c.hours = append(c.hours, hours...)
}

// Callers returns who was seen in the span, the most frequent first, among
// them the one that stands for all beyond the bounds, if there are any. Their
// counts add up to [Report.Sum] as long as callers are kept.
func (r *Report) Callers() []Caller {
	out := make([]Caller, len(r.order))
	for i, c := range r.order {
		out[i] = *c
	}
	return out
}

// Beyond returns the counts of callers beyond what is told apart. While it is
// zero, Callers and Addresses are complete.
func (r *Report) Beyond() Counts {
	if c := r.callers[keystore.Caller{}]; c != nil {
		return c.Counts
	}
	return Counts{}
}

// Address is what came from one address.
type Address struct {
	IP netip.Addr
	Counts
	First, Last time.Time
}

// Addresses returns the addresses seen in the span in ascending order. Those
// of attempts that proved nothing stand for their networks. It is complete
// while [Report.Beyond] is zero.
func (r *Report) Addresses() []Address {
	at := map[netip.Addr]int{}
	var out []Address
	for _, c := range r.order {
		if !c.IP.IsValid() {
			continue
		}
		i, known := at[c.IP]
		if !known {
			i, at[c.IP] = len(out), len(out)
			out = append(out, Address{IP: c.IP, First: c.First, Last: c.Last})
		}
		a := &out[i]
		a.Counts = a.Add(c.Counts)
		if c.First.Before(a.First) {
			a.First = c.First
		}
		if c.Last.After(a.Last) {
			a.Last = c.Last
		}
	}
	slices.SortFunc(out, func(a, b Address) int { return a.IP.Compare(b.IP) })
	return out
}

// Top returns the addresses with the most uses, at most n of them.
func (r *Report) Top(n int) []Address {
	all := r.Addresses()
	slices.SortStableFunc(all, func(a, b Address) int { return cmp.Compare(b.Total(), a.Total()) })
	return all[:min(n, len(all))]
}

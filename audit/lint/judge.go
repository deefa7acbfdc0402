package lint

import "github.com/pakdeck/pakdeck/keystore/quote"

// Verdict is what the rules found.
type Verdict struct {
	Open   []Finding // gravest first, then by rule, name and id of the object
	Waived []Waived  // in the same order
}

// Run judges a snapshot by all rules and returns what counts. The findings come
// gravest first, then by rule, name and id of the object.
func Run(s Snapshot) []Finding { return RunRules(s, Rules()) }

// RunRules judges a snapshot by some rules.
func RunRules(s Snapshot, rules []Rule) []Finding { return Judge(s, rules).Open }

// Judge judges a snapshot by some rules, waivers set apart.
func Judge(s Snapshot, rules []Rule) Verdict {
	sc := newScene(s)
	found := sc.findings(rules)
	pacts := sc.pacts(found, rules)
	for i := range rules {
		found = rules[i].runWaivers(sc, pacts, found)
	}
	order(found)
	return sc.setApart(found)
}

// setApart divides findings into those that count and those that are waived.
func (sc *scene) setApart(found []Finding) (v Verdict) {
	held := make(map[[2]string]Waiver, len(sc.Waivers))
	for _, w := range sc.Waivers {
		if w.Holds(sc.Now) {
			held[[2]string{w.Rule, w.Object.ID}] = w
		}
	}
	if len(held) == 0 {
		return Verdict{Open: found}
	}
	for _, f := range found {
		if w, ok := held[[2]string{f.Rule, f.Object.ID}]; ok {
			v.Waived = append(v.Waived, Waived{f, w})
			continue
		}
		v.Open = append(v.Open, f)
	}
	return v
}

// pacts prepares the waivers for the rules about them.
func (sc *scene) pacts(found []Finding, rules []Rule) []pact {
	if len(sc.Waivers) == 0 {
		return nil
	}
	fires := make(map[[2]string]bool, len(found))
	for _, f := range found {
		fires[[2]string{f.Rule, f.Object.ID}] = true
	}
	judged := map[string]bool{}
	for _, r := range rules {
		judged[r.ID] = !r.Slow() || sc.Store.Journal != nil
	}
	names := sc.present()
	out := make([]pact, len(sc.Waivers))
	for i, w := range sc.Waivers {
		named, ok := names[w.Object.ID]
		if !ok {
			named = pact{object: w.Object, ref: quote.Shell(w.Object.ID)}
		}
		named.Waiver, named.judged, named.fires = w, judged[w.Rule], fires[[2]string{w.Rule, w.Object.ID}]
		out[i] = named
	}
	return out
}

// present returns all objects as they are called now, by their ids.
func (sc *scene) present() map[string]pact {
	out := make(map[string]pact, len(sc.subjects)+len(sc.Users)+1)
	for i := range sc.subjects {
		out[sc.subjects[i].object.ID] = pact{object: sc.subjects[i].object, ref: sc.subjects[i].ref}
	}
	for _, u := range sc.Users {
		out[string(u.ID)] = pact{object: Object{KindUser, string(u.ID), u.Name}, ref: quote.Shell(u.Name)}
	}
	out[sc.Store.ID] = pact{object: sc.store()}
	return out
}

func (r *Rule) runWaivers(sc *scene, pacts []pact, out []Finding) []Finding {
	if r.check.waiver == nil {
		return out
	}
	for i := range pacts {
		for _, h := range r.check.waiver(sc, &pacts[i]) {
			h.mark = pacts[i].Rule
			out = append(out, r.finding(pacts[i].object, h))
		}
	}
	return out
}

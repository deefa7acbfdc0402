package plain

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
)

// numbers reads numbers of the last list, such as "1 3-5", as places in it, each
// once. Of what and by which command it was listed is for the errors.
func (t *talk) numbers(typed string, n int, of, command string) ([]int, error) {
	var out []int
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' }) {
		first, last, ok := span(word)
		if !ok || first < 1 || last > n {
			return nil, fmt.Errorf("%s is no number of the last list of %ss, which has %d; %s lists them", quoted(word), of, n, command)
		}
		for i := first - 1; i < last; i++ {
			if !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("say which %s by number; %s lists them", of, command)
	}
	return out, nil
}

// span reads "3" or "3-5".
func span(word string) (first, last int, ok bool) {
	from, to, ranged := strings.Cut(word, "-")
	first, err := strconv.Atoi(from)
	last = first
	if ranged && err == nil {
		last, err = strconv.Atoi(to)
	}
	return first, last, err == nil && first <= last
}

// several returns the keys that are meant by numbers of the last list, by names,
// or by a filter.
func (t *talk) several(typed string) ([]keystore.KeyView, error) {
	if typed == "" {
		var err error
		if typed, err = t.ask("Which keys; numbers of the last list, names, or a filter such as user:build-bot", "", nil,
			"Write such as 1 3-5, or build-bot/ci, or state:expiring."); err != nil || typed == "" {
			return nil, errBack
		}
	}
	keys, err := t.named(typed)
	if err != nil {
		keys, _, err = t.selected(typed)
	}
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("no key matches %s", quoted(typed))
	}
	return keys, err
}

// named returns the keys of which each word is a number or a name.
func (t *talk) named(typed string) (keys []keystore.KeyView, err error) {
	add := func(ref string) error {
		v, err := t.pickKey(ref)
		if err == nil && !slices.ContainsFunc(keys, func(k keystore.KeyView) bool { return k.ID == v.ID }) {
			keys = append(keys, v)
		}
		return err
	}
	var errs []error
	for _, word := range strings.Fields(typed) {
		if first, last, ok := span(word); ok && first >= 1 && last <= len(t.listed) {
			for n := first; n <= last; n++ {
				errs = append(errs, add(strconv.Itoa(n)))
			}
			continue
		}
		errs = append(errs, add(word))
	}
	return keys, errors.Join(errs...)
}

// pages tells a list in pages: line tells the one at a place. Whoever stops it
// goes back.
func (t *talk) pages(n int, line func(i int)) error {
	for i := range n {
		if err := t.page(i, n); err != nil {
			return err
		}
		line(i)
	}
	return nil
}

// list tells a list by number, until it is over or the operator has had enough.
func (t *talk) list(n int, words func(i int) string) {
	_ = t.pages(n, func(i int) { t.say("%d. %s", i+1, words(i)) })
}

package haystack_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
)

func TestTextsAreFoundInLowerCase(t *testing.T) {
	list := []string{"CI-Deploy", "", "支払い-Worker", "ÄRGER", "\xff\x00"}
	texts := haystack.Of(len(list), func(i int) string { return list[i] })
	for i, s := range list {
		if got, want := texts.At(i), strings.ToLower(s); got != want {
			t.Errorf("text %d is %q, want %q", i, got, want)
		}
	}
	if texts.Len() != len(list) {
		t.Errorf("%d texts, want %d", texts.Len(), len(list))
	}
}

// Whatever is searched for, letters rule nothing out that is there.
func TestWordsAreFoundWhereTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abyz09-_./@ é払")), 0, 3, -1)
		list := rapid.SliceOf(rapid.StringOfN(rapid.RuneFrom([]rune("aByZ09-_./@ é払")), 0, 12, -1)).Draw(t, "texts")
		words := rapid.SliceOfN(word, 0, 3).Draw(t, "words")
		texts, letters := haystack.Of(len(list), func(i int) string { return list[i] }), haystack.LettersOf(words...)
		for i, s := range list {
			want := true
			for _, w := range words {
				want = want && strings.Contains(strings.ToLower(s), w)
			}
			if got := texts.HasAll(i, words, letters); got != want {
				t.Errorf("%q has all of %q: %v, want %v", s, words, got, want)
			}
		}
	})
}

func TestLettersThatAreNotThereRuleOut(t *testing.T) {
	if haystack.LettersOf("deploy-09").Cover(haystack.LettersOf("x")) || !haystack.LettersOf("a", "b").Cover(haystack.LettersOf("ab")) {
		t.Error("a set of letters covers others, or not its own")
	}
	for _, c := range "abcdefghijklmnopqrstuvwxyz0123456789-." {
		for _, d := range "abcdefghijklmnopqrstuvwxyz0123456789-." {
			if c != d && haystack.LettersOf(string(c)) == haystack.LettersOf(string(d)) {
				t.Errorf("%c and %c share a place", c, d)
			}
		}
	}
}

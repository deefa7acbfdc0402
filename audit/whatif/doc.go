// Package whatif says whom a restriction would have refused: it holds a change
// of a key against the uses that were seen of it, before the change is made.
//
// [Of] compares a key before and after with [Evidence]: who used it from where,
// how often, and how often it was refused because of its address. Whatever is
// compared, the decision about an address is that of package iprule, so what is
// told here is what the verifier would do. [Rules] is the part of it for an
// editor of address rules.
//
// What is not known is not guessed. Uses of callers that were not told apart
// are counted as uncertain, and so are all uses when a key is to lose scopes that
// some of them needed: which scopes were needed is kept by the day, not how often.
package whatif

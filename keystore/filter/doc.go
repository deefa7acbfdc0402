// Package filter selects keys by an expression such as
//
//	state:active,expiring user:build-bot !seen:<30d allow:203.0.113.70 deploy
//
// An expression is a list of terms separated by blanks; a key must meet all of
// them. A term is field:value or a bare word, and a "!" before it negates it.
// Several values separated by commas are alternatives. Text with blanks,
// commas, colons or an initial "!" is put in double quotes, in which \" and \\
// stand for a quote and a backslash: name:"nightly import". Case does not
// matter, except in ids. The fields are listed by [Fields].
//
// A bare word is looked for in the name, the description and the owner. A text
// is found anywhere in the field, unless it holds a "*", which stands for any
// characters: name:ci-* means names that begin with "ci-". With a "~" before it
// only its letters count, in their order: ~cist finds ci-deploy-staging. A bare
// word of that kind is looked for in the name and the owner.
//
// The filter of journal records has other fields and the same grammar, which is
// why [Words] and [Table] are exported.
//
// [Parse] refuses fields, states, scopes, addresses and ages that do not
// exist, because a filter with a typo in it would show an empty list that
// looks like an answer. The errors are of type [*SyntaxError] and say what
// would be right. What [Filter.String] returns is read back as the same filter.
package filter

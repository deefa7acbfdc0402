// Command pakdeck looks after API keys: it issues them, restricts them to
// addresses and dates, verifies them for a web server, and proves who changed
// what.
//
// Every command works on one store file and on the files beside it. Data goes
// to standard output, sentences to standard error; with --json the data is
// JSON, and so is every line on standard error. Times are RFC 3339 in UTC.
//
// A key string is printed by "key create" alone (and by "pak open", which is
// for that), and is never taken as an argument: others can see those. Nothing
// that was stored reaches the terminal without its control characters being
// made visible.
//
// The exit codes are listed by "pakdeck --help". The scripts in
// testdata/script are the manual.
package main

// Package token is the key string: what a client sends to prove that it holds
// a key.
//
//	pak_4kTMd9zqW8aB_<43 characters><6 characters>
//	│   │             │              └ CRC-32/IEEE of everything before it
//	│   │             └ the secret: 32 random bytes
//	│   └ public id of the secret: 12 random characters, safe to log and show
//	└ prefix of the store, 2 to 12 of a-z0-9
//
// Id, secret and checksum are base62 with the digits 0-9A-Za-z in ascending
// order, big-endian, fixed width. The package mints key strings ([Mint]),
// checks them ([Check], [Parse]), turns them into what is stored
// ([Pepper.Digest]) and finds or blots them out in text ([FindAll], [Redact]).
//
// It refuses everything that Mint could not have made: another prefix, another
// length, another character, a secret of 2^256 or more, a wrong checksum. So a
// key string has exactly one spelling.
//
// It promises that a [Key] does not print itself by accident. All verbs of fmt,
// log/slog and the text and JSON encoders show "pak_4kTMd9zqW8aB_[redacted]",
// gob and other binary encoders get an error, and == does not compile.
// [Key.Reveal] is the only way out. No error of this package holds any part of
// a key string that it was given.
package token

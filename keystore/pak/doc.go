// Package pak is the .pak file ("protected API key"): one key string with what
// its owner should know of it, in a form that other programs can use.
//
//	# pakdeck protected API key, format 1. Treat it like a password.
//	PAK_FORMAT=1
//	PAK_API_KEY=pak_4kTMd9zqW8aB_...
//	PAK_NAME=ci-deploy
//	PAK_OWNER=build-bot
//	PAK_ISSUED=2026-11-23T04:00:00Z
//	PAK_EXPIRES=2027-02-21T09:00:00Z
//	PAK_ALLOW=10.4.7.0/26,203.0.113.16/29
//	PAK_STORE=pakdeck/7f3a9c
//
// A plain .pak is a dotenv file: a shell sources it, systemd takes it as
// EnvironmentFile, docker as --env-file and kubectl as --from-env-file. All
// bytes of a value outside [A-Za-z0-9_.,:/@+=-] are percent-encoded (RFC 3986
// section 2.1), so no value needs quotes and none can run as code. All fields
// are always written; one without a value ends at its "=". An expiry of
// "never" is spelled out.
//
// An encrypted .pak is the same text in the armor of age
// (age-encryption.org/v1), to a passphrase, to age recipients or to SSH keys,
// and opens with any age program.
//
// [Save] replaces no file, follows no symbolic link and leaves nothing behind
// when it fails; what it writes is for the owner alone. [Load] refuses what
// others can read. [Decode] refuses doubled fields, foreign lines, control characters and
// a damaged key string; it ignores PAK_ fields that it does not know. What the
// file says of expiry and addresses informs its owner; the store decides.
//
// No error of this package holds a key string.
package pak

package main

import (
	"os"
	"os/user"
	"strconv"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// actor is who the journal names for changes made by this process, through
// the command line ("cli"), the dashboard ("tui") or the verifier ("serve").
// The user id is a fact; what the environment says is only a claim.
func (a *app) actor(via string) keystore.Actor {
	uid := os.Getuid()
	name := ""
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		name = u.Username
	}
	return keystore.Actor{UID: uid, User: name, Via: via, Claims: journal.Claims{
		SSHConnection: a.env("SSH_CONNECTION"), SudoUser: a.env("SUDO_USER"),
	}}
}

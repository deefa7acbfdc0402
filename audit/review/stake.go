package review

import (
	"context"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Stake is why somebody is no second pair of eyes for a key.
type Stake string

// The stakes. Owning weighs more than having created.
const (
	NoStake Stake = ""
	Owner   Stake = "owner"
	Creator Stake = "creator"
)

// Words tells the stake of somebody: "mira owns it".
func (s Stake) Words(who string) string {
	switch s {
	case Owner:
		return who + " owns it"
	case Creator:
		return who + " created it"
	}
	return ""
}

// StakeOf returns the stake that the operator of st has in a key.
func StakeOf(ctx context.Context, st *keystore.Store, k keystore.KeyView) (Stake, error) {
	me := st.Actor()
	if strings.EqualFold(k.Owner.Name, me.User) || strings.EqualFold(k.Owner.Name, me.Claims.SudoUser) {
		return Owner, nil
	}
	by, err := CreatorOf(ctx, st, k)
	if err == nil && sameHand(by, me) {
		return Creator, nil
	}
	return NoStake, err
}

// sameHand reports whether two actors may be one person. Only if both came by
// sudo is one user id taken for two people: what an environment claims must not
// be enough to be somebody else.
func sameHand(a, b keystore.Actor) bool {
	sudoA, sudoB := a.Claims.SudoUser, b.Claims.SudoUser
	if sudoA != "" && sudoB != "" {
		return sudoA == sudoB
	}
	return a.UID == b.UID || a.User == b.User || sudoA != "" && sudoA == b.User || sudoB != "" && sudoB == a.User
}

// CreatorOf returns who made a key, from the record of that.
func CreatorOf(ctx context.Context, st *keystore.Store, k keystore.KeyView) (by keystore.Actor, err error) {
	found := false
	_, err = st.JournalAbout(ctx, journal.AboutKey(string(k.ID)), 0, func(_ int64, raw []byte) error {
		if g, ok := journal.Glance(raw); ok && g.Code != journal.EventKeyCreate.Code {
			return nil
		}
		r, err := journal.Decode(raw)
		if err == nil && r.Code == journal.EventKeyCreate.Code && r.Object.ID == string(k.ID) {
			by, found, err = r.Actor, true, kv.Stop
		}
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("the journal does not tell who created %s", k.ID)
	}
	return by, err
}

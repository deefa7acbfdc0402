package review

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

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

// slack is how much out of order the times of records may be.
const slack = time.Hour

// CreatorOf returns who made a key, from the record of that. The place of the
// record is found by its time; if clocks were set, by looking at all.
func CreatorOf(ctx context.Context, st *keystore.Store, k keystore.KeyView) (by keystore.Actor, err error) {
	near, err := place(ctx, st, journal.Stamp(k.Created.Add(-slack)))
	if err != nil {
		return by, err
	}
	over := journal.Stamp(k.Created.Add(slack))
	for _, x := range []struct {
		from int64
		over string
	}{{near, over}, {0, ""}} {
		by, found, err := createdFrom(ctx, st, k.ID, x.from, x.over)
		if err != nil || found {
			return by, err
		}
	}
	return by, fmt.Errorf("the journal does not tell who created %s", k.ID)
}

// place returns the number of the first record with that stamp or a later one.
func place(ctx context.Context, st *keystore.Store, stamp string) (int64, error) {
	head, err := st.Head(ctx)
	if err != nil {
		return 0, err
	}
	n := sort.Search(int(head.Size), func(n int) bool {
		raw, problem := st.JournalRecord(ctx, int64(n))
		if problem != nil {
			err = problem
			return true
		}
		g, ok := journal.Glance(raw)
		return ok && string(g.Time) >= stamp
	})
	return int64(n), err
}

// createdFrom looks for the record of a key's creation, up to the first one
// after a time, if one is given.
func createdFrom(ctx context.Context, st *keystore.Store, id keystore.KeyID, from int64, over string) (by keystore.Actor, found bool, err error) {
	err = st.Journal(ctx, from, func(_ int64, raw []byte) error {
		g, ok := journal.Glance(raw)
		switch {
		case ok && over != "" && string(g.Time) > over:
			return kv.Stop
		case ok && g.Code != journal.EventKeyCreate.Code:
			return nil
		}
		r, err := journal.Decode(raw)
		if err == nil && r.Object.ID == string(id) && r.Code == journal.EventKeyCreate.Code {
			by, found, err = r.Actor, true, kv.Stop
		}
		return err
	})
	return by, found, err
}

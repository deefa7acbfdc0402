package plain_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
)

func TestKeysAreToldInOrder(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "keys by expires", "keys user:edge by -name", "keys by colour", "keys x:y by name"),
		"1. legacy/old-mobile-app, expired, expired 14d ago", "2. build-bot/ci-deploy-staging, expiring, expires in 2d 4h", "1. edge/支払い-worker", `by "colour": sort by created, expires`, "there is no such field")
}

func TestUsersAreFoundByWordsAndNumbers(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "users admin", "users edge service", "1", "users nobody", "user 9")
	want(t, said, "1. mira, person, admin", "1. edge, service", "User: edge", "0 users.", "Failed: ")
	if strings.Contains(said, "1. mira, person, admin\n2.") {
		t.Error("admin finds others")
	}
}

func TestUsesAreToldOfAnyTime(t *testing.T) {
	st := decktest.Sample(t)
	use(t, st, st.Key(rotated).Current().ID, keystore.OK)
	said := converse(t, st, "usage 7d", "1", "usage user:edge 36h", "usage "+rotated+" 90d", "usage user:nobody", "usage nonsense 7d")
	want(t, said, "All keys, last 7 days: ", ". edge/edge-gateway-eu: ", "Key: ", "Keys of edge, last 2 days: ", rotated+", last 90 days: ", "Failed: ")
}

func TestTimesAreToldInUTCOrLocalTime(t *testing.T) {
	st := decktest.Sample(t)
	var out bytes.Buffer
	in := strings.NewReader("times\nkey " + rotated + "\ntimes\n")
	zone := time.FixedZone("CET", 3600)
	if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: in, Out: &out, Zone: zone}); err != nil {
		t.Fatal(err)
	}
	want(t, out.String(), "Times are told in UTC, which has 2026-11-23 14:32 UTC now.", "Times are told in CET, which has 2026-11-23 15:32 CET now.")
}

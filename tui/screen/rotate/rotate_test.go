package rotate_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

const key = "edge/edge-gateway-eu"

// start shows the screen on a key, after it was rotated if a grace is given.
func start(t *testing.T, w, h int, r keystore.Rotation, change ...func(*tui.Options)) *decktest.Deck {
	t.Helper()
	st := decktest.Sample(t)
	if r != (keystore.Rotation{}) {
		rotate(t, st, r)
	}
	at := decktest.At("keys/" + key)
	d := decktest.Start(t, st, w, h, append(change, at)...)
	d.Press("r")
	d.Settle()
	return d
}

func rotate(t *testing.T, st *decktest.Store, r keystore.Rotation) keystore.KeyView {
	t.Helper()
	v := st.Key(key)
	v, _, err := st.RotateKey(t.Context(), v.ID, v.Version, r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// use lets a secret be used now.
func use(t *testing.T, d *decktest.Deck, id token.ID, ip string) {
	t.Helper()
	at := d.Store.Clock.Now()
	who := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /"}
	s := keystore.Sighting{Time: at, Caller: who}
	err := usage.NewRecorder(d.Store.Store).Record(t.Context(), keystore.UseBatch{
		Uses: map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}},
		Tallies: map[keystore.Tally]keystore.Count{
			{Secret: id, Hour: keystore.HourOf(at), Outcome: keystore.OK, Caller: who}: {N: 1, First: at, Last: at},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// listen lets a verifier count until the store's clock has moved on by d.
func listen(t *testing.T, d *decktest.Deck, by time.Duration) {
	t.Helper()
	rec := usage.NewRecorder(d.Store.Store)
	for end := d.Store.Clock.Now().Add(by); d.Store.Clock.Now().Before(end); d.Store.Clock.Add(5 * time.Minute) {
		now := d.Store.Clock.Now()
		if err := rec.Record(t.Context(), keystore.UseBatch{Watched: keystore.Span{From: now, To: now.Add(5*time.Minute - 1)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func later(d *decktest.Deck, by time.Duration) {
	d.Store.Clock.Add(by)
	d.Settle()
	d.Settle()
}

func TestScreens(t *testing.T) {
	day := keystore.Rotation{Until: decktest.Now.Add(24 * time.Hour)}
	for name, scene := range map[string]struct {
		of   keystore.Rotation
		keys []string
	}{
		"before":    {keystore.Rotation{}, nil},
		"emergency": {keystore.Rotation{}, []string{"tab", "tab", "tab", "tab", "r"}},
		"ask":       {keystore.Rotation{}, []string{"r"}},
		"rotating":  {day, nil},
		"first-use": {keystore.Rotation{After: 2 * time.Hour}, nil},
		"retire":    {day, []string{"R"}},
		"call-off":  {day, []string{"C"}},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, w, h, scene.of)
			d.Press(scene.keys...)
			d.Settle()
			return d
		})
	}
	decktest.Golden(t, "ascii", func(t *testing.T, w, h int) *decktest.Deck {
		return start(t, w, h, day, func(o *tui.Options) { o.ASCII = true })
	})
	decktest.Golden(t, "safe", func(t *testing.T, w, h int) *decktest.Deck {
		d := start(t, w, h, keystore.Rotation{Until: decktest.Now.Add(200 * time.Hour)})
		listen(t, d, 75*time.Hour)
		later(d, 2*time.Second)
		return d
	})
}

// From the list to the end of the old secret in at most 8 key presses.
func TestAKeyIsRotatedInEightKeyPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/"+key))
		old := st.Key(key).Current().ID
		press := 0
		do := func(k string) { press++; d.Press(k); d.Settle() }
		do("r")
		d.Want("Rotate edge/edge-gateway-eu", "one secret, made")
		do("r")
		d.Want("The old secret works for 24 hours.", "Cancel")
		do("y")
		d.Want("shown once", "I stored this key")
		do("c")
		do("space")
		do("enter")
		d.Settle()
		d.Want("rotating: the old secret works until", "NOT SAFE YET")
		v := st.Key(key)
		if old == v.Current().ID {
			t.Fatal("it has no new secret")
		}
		use(t, d, v.Current().ID, "203.0.113.5")
		listen(t, d, 40*time.Hour)
		later(d, 2*time.Second)
		if got := st.Key(key).Secrets[1].StateAt(st.Clock.Now()); got != keystore.Retired {
			t.Errorf("after the grace the old secret is %s", got)
		}
		if press > 8 {
			t.Errorf("%d key presses", press)
		}
	})
}

func TestASafeSecretGoesWithOneKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, keystore.Rotation{Until: decktest.Now.Add(200 * time.Hour)})
		d.Want("NOT SAFE YET")
		listen(t, d, 100*time.Hour)
		later(d, 2*time.Second)
		d.Want("SAFE TO RETIRE", "R retires it")
		d.Press("R")
		d.Settle()
		d.Want("retired ", "one secret, made")
		if got := d.Store.Key(key).Secrets[1].State; got != keystore.Retired {
			t.Errorf("the old secret is %s", got)
		}
		d.Press("R")
		d.Want("only one secret of the key works")
	})
}

func TestASecretInUseGoesOnlyAfterItsNameWasTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, keystore.Rotation{Until: decktest.Now.Add(200 * time.Hour)})
		old := d.Store.Key(key).Secrets[1]
		d.Press("R")
		d.Want("It is not safe", "type the name edge-gateway-eu")
		d.Press("enter")
		d.Settle()
		if got := d.Store.Key(key).Secrets[1].State; got != keystore.Retiring {
			t.Fatalf("enter alone made it %s", got)
		}
		d.Press("R")
		d.Type("edge-gateway-eu", "enter")
		d.Settle()
		d.Settle()
		d.Want("retired " + old.ID.String())
	})
}

func TestARotationIsCalledOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, keystore.Rotation{After: time.Hour})
		old := d.Store.Key(key).Secrets[1].ID
		d.Press("r")
		d.Want("retire it first, or call the rotation off")
		d.Press("C")
		d.Want("The new one is refused at once.")
		d.Press("y")
		d.Settle()
		d.Settle()
		d.Want("called the rotation of edge/edge-gateway-eu off", "one secret, made")
		if got := d.Store.Key(key).Current().ID; got != old {
			t.Errorf("the current secret is %s, want the old one, %s", got, old)
		}
	})
}

func TestItIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 140, 45, keystore.Rotation{Until: decktest.Now.Add(24 * time.Hour)})
		old := d.Store.Key(key).Secrets[1].ID
		d.Without("192.0.2.99")
		use(t, d, old, "192.0.2.99")
		later(d, 3*time.Second)
		d.Want("192.0.2.99", "uses it")
	})
}

func TestMarkedKeysAreGoneThroughOneByOne(t *testing.T) {
	decktest.Run(t, "", 100, 30, func(t *testing.T, d *decktest.Deck) {
		d.Press("space", "space", "space", "r")
		d.Settle()
		d.Want("1 of 3")
		d.Press("n")
		d.Settle()
		d.Want("2 of 3")
		d.Press("p", "p")
		d.Settle()
		d.Want("3 of 3")
		d.Press("esc")
		d.Want("3 marked")
	})
}

func TestNothingIsDue(t *testing.T) {
	decktest.Run(t, "", 100, 30, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Type("key.due", "enter")
		d.Settle()
		d.Want("Nothing to rotate", "no key is due")
		d.Press("r", "R", "C", "enter", "a")
		d.Want("there is no key")
	})
}

func TestNoKeyStringIsLeftOnTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, keystore.Rotation{})
		d.Press("r", "y")
		d.Settle()
		text := d.Text()
		i := strings.Index(text, "pak_")
		if i < 0 {
			t.Fatalf("no key string:\n%s", text)
		}
		secret := text[i : i+66]
		d.Press("space", "enter")
		d.Settle()
		d.Without(secret, secret[20:])
	})
}

func TestReadOnlyLooksAndChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		rotate(t, st, keystore.Rotation{After: time.Hour})
		d := decktest.Start(t, st.Open(keystore.WithReadOnly()), 100, 30, decktest.At("keys/"+key))
		d.Press("r")
		d.Settle()
		d.Want("old  ")
		d.Press("R", "C", "r")
		d.Settle()
		d.Want("rotating: the old secret works for")
	})
}

// A new secret is handed over when the verifiers know it, or that one does not is
// told.
func TestANewSecretIsShownWhenVerifiersKnowIt(t *testing.T) {
	for want, size := range map[string]int64{"the verifier knows it after 0 ms": 1 << 40, ", but the verifier had not followed after 2s": 0} {
		synctest.Test(t, func(t *testing.T) {
			d := start(t, 140, 45, keystore.Rotation{})
			v, err := follow.Announce(d.Store.Path(), size)
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			d.Press("r", "y")
			if size == 0 {
				d.Without("shown once")
			}
			d.Advance(3 * time.Second)
			d.Want("shown once", want)
		})
	}
}

package created_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
)

func TestAfterARotationItIsANewSecretAndSaysWhatBecomesOfTheOld(t *testing.T) {
	for want, r := range map[string]keystore.Rotation{
		"old secret works until 2026-11-24 14:32":            {Until: decktest.Now.Add(24 * time.Hour)},
		"old secret ends 2h after the first use of this one": {After: 2 * time.Hour},
		"old secret refused from now on":                     {Now: true},
	} {
		for _, size := range [][2]int{{60, 16}, {80, 24}} {
			synctest.Test(t, func(t *testing.T) {
				st := decktest.Sample(t)
				d := decktest.Start(t, st, size[0], size[1])
				before := st.Key("build-bot/ci-deploy-staging")
				v, secret, err := st.RotateKey(t.Context(), before.ID, before.Version, r)
				if err != nil {
					t.Fatal(err)
				}
				d.Send(screen.Issued{Key: v, Secret: secret})
				d.Want("gave build-bot/ci-deploy-staging a new secret")
				d.Settle()
				d.Want(want, "I stored this key")
				if size[0] == 80 {
					d.Want("New secret ", "build-bot/ci-deploy-staging  ")
				}
				d.Without("Key created", "created build-bot")
			})
		}
	}
}

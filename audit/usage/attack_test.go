package usage_test

import (
	"fmt"
	"hash/crc32"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Whatever is sent, the store grows by a bounded amount: a million requests
// with as many user agents and addresses, by somebody who has a key string and
// by somebody who only knows its id.
func TestAMillionCallersGrowTheStoreByABoundedAmount(t *testing.T) {
	requests := 20_000
	if testing.Short() {
		requests = 4_000
	}
	if os.Getenv("PAKDECK_CLIENTS") != "" {
		requests = 1_000_000
	}
	for _, c := range []struct {
		name    string
		outcome keystore.Outcome
		most    int64 // bytes: of the annex, the journal and the room that the engine keeps free
		records int64
	}{
		{"with the secret", keystore.OK, 512 << 10, 2 * 64},
		{"without the secret", keystore.WrongSecret, 2 << 20, 2 * 1024},
	} {
		t.Run(c.name, func(t *testing.T) {
			st, key := oneKey(t)
			if c.outcome == keystore.WrongSecret {
				key = forged(key)
			}
			v, err := verify.New(t.Context(), st, verify.Options{Record: usage.NewRecorder(st).Record, MaxStale: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			before, head := size(t, st), records(t, st)
			for n := range requests {
				caller := keystore.Caller{
					IP: netip.AddrFrom4([4]byte{byte(11 + n>>16), byte(n >> 8), byte(n), 1}), Agent: fmt.Sprintf("bot-%d/1", n), Route: fmt.Sprintf("GET /%x", n),
				}
				if d := v.Verify(verify.Request{Key: key, Caller: caller}); d.Outcome != c.outcome {
					t.Fatalf("request %d: %s", n, d.Outcome)
				}
				if n%(requests/20) == 0 {
					if err := v.Flush(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := v.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := usage.Load(t.Context(), st, usage.Everything(), usage.Window(st.Now(), 24*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			if n := r.Sum().Of(c.outcome); n != uint64(requests) {
				t.Errorf("%d of %d are counted", n, requests)
			}
			grown, noted := size(t, st)-before, records(t, st)-head
			t.Logf("%d requests by as many callers: the store grew by %d KiB, the journal by %d records, %d callers are told apart",
				requests, grown>>10, noted, len(r.Callers()))
			if grown > c.most || noted > c.records {
				t.Errorf("the store grew by %d bytes and %d records, at most %d and %d are allowed", grown, noted, c.most, c.records)
			}
		})
	}
}

func oneKey(t *testing.T) (*keystore.Store, string) {
	t.Helper()
	st := storetest.New(t)
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"})
	if err != nil {
		t.Fatal(err)
	}
	return st, secret.Reveal()
}

// forged returns a key string of the right shape with the id of another one.
func forged(key string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	body := key[:len("pak_4kTMd9zqW8aB_")] + strings.Repeat("0", 43)
	sum := crc32.ChecksumIEEE([]byte(body))
	var end [6]byte
	for i := len(end) - 1; i >= 0; i-- {
		end[i], sum = digits[sum%62], sum/62
	}
	return body + string(end[:])
}

func size(t *testing.T, st *keystore.Store) int64 {
	t.Helper()
	info, err := os.Stat(st.Path())
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func records(t *testing.T, st *keystore.Store) int64 {
	t.Helper()
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Size
}

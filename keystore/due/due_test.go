package due

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const day = 24 * time.Hour

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func key(name string, change func(*keystore.Key)) keystore.KeyView {
	k := keystore.Key{ID: keystore.KeyID(name), Name: name, Secrets: []keystore.Secret{
		{ID: token.ID([]byte("secretsecret")), State: keystore.Current, Created: now.Add(-80 * day)},
	}}
	change(&k)
	return keystore.KeyView{Key: k, Owner: keystore.User{Name: "bot", Contact: "ops; or, else"}}
}

func TestWhatIsDue(t *testing.T) {
	plain := func(*keystore.Key) {}
	expires := func(in time.Duration) func(*keystore.Key) {
		return func(k *keystore.Key) { k.Expires = now.Add(in) }
	}
	for _, c := range []struct {
		name   string
		change func(*keystore.Key)
		policy time.Duration
		want   string
	}{
		{"nothing to do", plain, 0, ""},
		{"expires", expires(3 * day), 0, "expires in 72h0m0s"},
		{"expires later", expires(15 * day), 0, ""},
		{"expired", expires(-day), 90 * day, ""},
		{"due by the policy", plain, 90 * day, "rotate in 240h0m0s"},
		{"overdue by the policy", plain, 60 * day, "rotate in -480h0m0s"},
		{"due by itself", func(k *keystore.Key) { k.RotateEvery = 80 * day }, 300 * day, "rotate in 0s"},
		{"disabled", func(k *keystore.Key) { k.DisabledAt = now; k.Expires = now.Add(day) }, 60 * day, ""},
		{"revoked", func(k *keystore.Key) { k.Revoked = now }, 60 * day, ""},
		{"retires", func(k *keystore.Key) {
			k.Secrets = append(k.Secrets, keystore.Secret{State: keystore.Retiring, Retires: now.Add(day)})
		}, 0, "retires in 24h0m0s"},
		{"retires after the first use", func(k *keystore.Key) {
			k.Secrets = append(k.Secrets, keystore.Secret{State: keystore.Retiring, Grace: day})
		}, 0, ""},
		{"both", expires(day), 60 * day, "rotate in -480h0m0s, expires in 24h0m0s"},
	} {
		var got []string
		for _, i := range List([]keystore.KeyView{key("k", c.change)}, keystore.Policy{RotateEvery: c.policy}, now, 14*day) {
			got = append(got, fmt.Sprintf("%s in %v", i.What, i.At.Sub(now)))
			if i.Overdue(now) != !i.At.After(now) {
				t.Errorf("%s: overdue %v", c.name, i.Overdue(now))
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestTheCalendarKeepsToItsFormat(t *testing.T) {
	items := List([]keystore.KeyView{
		key("plain", func(k *keystore.Key) { k.Expires = now.Add(day) }),
		key(strings.Repeat("支", 60)+",", func(k *keystore.Key) { k.Expires = now.Add(2 * day) }),
	}, keystore.Policy{}, now, 14*day)
	items[0].Key.Updated, items[0].Key.Version = now.Add(-day), 7
	text := string(Calendar(items, "pakdeck/7f3a9c"))
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "UID:expires-plain@pakdeck.7f3a9c\r\n", "DTSTART:20261124T143200Z\r\n", "DTSTAMP:20261122T143200Z\r\nSEQUENCE:7\r\n",
		"SUMMARY:bot/plain expires\r\n", `contact ops\; or\, else`, "END:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > mostOctets || strings.Contains(line, "\n") || strings.ToValidUTF8(line, "?") != line {
			t.Errorf("bad line %q", line)
		}
	}
	if unfolded := strings.ReplaceAll(text, "\r\n ", ""); !strings.Contains(unfolded, strings.Repeat("支", 60)+`\, expires`) {
		t.Errorf("unfolded it lacks the long name:\n%s", unfolded)
	}
}

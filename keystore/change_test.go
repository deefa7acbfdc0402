package keystore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestAllOrNothing(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	a, b := f.key(u, "a"), f.key(u, "b")
	size := f.size()
	both := []keystore.KeyChange{{ID: a.ID, Version: a.Version, Disable: true}, {ID: b.ID, Version: b.Version + 1, Disable: true}}
	if _, err := f.ChangeKeys(t.Context(), both); !errors.Is(err, keystore.ErrConflict) {
		t.Fatalf("one of two was changed meanwhile: %v, want ErrConflict", err)
	}
	if got, err := f.Key(t.Context(), string(a.ID)); err != nil || !got.DisabledAt.IsZero() || f.size() != size {
		t.Errorf("the first was changed all the same: %v, %v", got.DisabledAt, err)
	}
	both[1].Version = b.Version
	views, err := f.ChangeKeys(t.Context(), both)
	must(t, err)
	if len(views) != 2 || views[0].DisabledAt.IsZero() || views[1].DisabledAt.IsZero() || f.size() != size+2 {
		t.Errorf("%d keys, %d records, want 2 of each", len(views), f.size()-size)
	}
	if _, err := f.ChangeKeys(t.Context(), make([]keystore.KeyChange, keystore.MaxAtOnce+1)); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("too many at once: %v, want ErrInvalid", err)
	}
}

func TestAPreviewTellsWhatTheChangeWouldDo(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read")
	v := f.key(u, "k")
	f.key(u, "taken")
	size, never, taken, past := f.size(), time.Time{}, "taken", f.Now().Add(-time.Hour)
	foreign := []keystore.Scope{"billing:read"}
	for name, c := range map[string]struct {
		change keystore.KeyChange
		want   error
		fields int
	}{
		"disable":        {keystore.KeyChange{Disable: true}, nil, 1},
		"nothing to do":  {keystore.KeyChange{Enable: true}, nil, 0},
		"revoke":         {keystore.KeyChange{Revoke: &keystore.Revocation{Reason: "leaked"}}, nil, 3},
		"edit":           {keystore.KeyChange{Edit: &keystore.KeyEdit{Expires: &never}}, nil, 1},
		"taken name":     {keystore.KeyChange{Edit: &keystore.KeyEdit{Name: &taken}}, keystore.ErrInvalid, 1},
		"past expiry":    {keystore.KeyChange{Edit: &keystore.KeyEdit{Expires: &past}}, keystore.ErrInvalid, 0},
		"foreign scope":  {keystore.KeyChange{Edit: &keystore.KeyEdit{Scopes: &foreign}}, keystore.ErrInvalid, 0},
		"no change":      {keystore.KeyChange{}, keystore.ErrInvalid, 0},
		"two changes":    {keystore.KeyChange{Disable: true, Enable: true}, keystore.ErrInvalid, 0},
		"without reason": {keystore.KeyChange{Revoke: &keystore.Revocation{}}, keystore.ErrInvalid, 0},
	} {
		c.change.ID, c.change.Version = v.ID, v.Version
		_, diff, err := f.PreviewChange(t.Context(), c.change)
		if !errors.Is(err, c.want) || len(diff) != c.fields {
			t.Errorf("%s: %v with %d fields, want %v with %d", name, err, len(diff), c.want, c.fields)
		}
		if c.want == nil {
			continue
		}
		if _, err := f.ChangeKey(t.Context(), c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: the change gives %v, the preview %v", name, err, c.want)
		}
	}
	if f.size() != size {
		t.Errorf("%d records of previews and refusals", f.size()-size)
	}
}

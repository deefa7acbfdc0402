package plain

import (
	"errors"
	"reflect"

	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
)

// askDraft looks for the operator's draft, and asks whether to go on with it. The
// zero draft begins anew.
func (t *talk) askDraft() (draft.Draft, error) {
	t.known = 0
	if t.desk.Store == nil {
		return draft.Draft{}, nil
	}
	d, found, err := t.desk.Load(t.ctx)
	if err != nil || !found {
		return draft.Draft{}, err
	}
	t.known = d.Version
	t.say("There is a draft of %s, kept %s%s.", d.Ref(), t.when(d.Saved), when(d.Terminal != "", " at "+d.Terminal))
	yes, err := t.yesOrNo("Go on with it", true)
	if err != nil || !yes {
		return draft.Draft{}, err
	}
	return d, nil
}

// keep keeps what is filled in, if that is more than it began with.
func (t *talk) keep(began, d draft.Draft) {
	if t.desk.Store == nil || reflect.DeepEqual(began, d) {
		return
	}
	_, err := t.desk.Save(t.ctx, d, t.known)
	if other, is := errors.AsType[*draft.ElsewhereError](err); is {
		t.say("What was filled in is not kept: there is a draft of %s already. new goes on with that.", other.Theirs.Ref())
		return
	}
	if err != nil {
		t.fail(err)
		return
	}
	t.say("Kept as a draft: %s. new goes on with it, here and in the dashboard.", d.Ref())
}

// dropDraft forgets the draft of a key that was issued.
func (t *talk) dropDraft(d draft.Draft) error {
	if t.desk.Store == nil {
		return nil
	}
	return t.desk.Drop(t.ctx, d.Began)
}

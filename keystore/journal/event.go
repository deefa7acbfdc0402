package journal

import "slices"

// Event is a kind of record. Codes and names never change their meaning and are
// never used again for something else.
type Event struct {
	Code int    // hundreds give the subject: 1 store, 2 user, 3 key, 4 use, 5 serve, 6 lint, 7 review
	Name string // subject.verb
}

// OfUse reports whether an event is about a use, not a change.
func (e Event) OfUse() bool { return e.Code/100 == EventUse.Code/100 }

// The events of this version.
var (
	EventStoreInit = Event{100, "store.init"}
	EventStoreDemo = Event{101, "store.demo"}

	EventStoreBackup  = Event{110, "store.backup"}
	EventStoreCheck   = Event{111, "store.check"} // a backup was opened and found good
	EventStoreRestore = Event{112, "store.restore"}

	EventUserCreate  = Event{200, "user.create"}
	EventUserEdit    = Event{201, "user.edit"}
	EventUserDisable = Event{202, "user.disable"}
	EventUserEnable  = Event{203, "user.enable"}

	EventKeyCreate  = Event{300, "key.create"}
	EventKeyEdit    = Event{301, "key.edit"}
	EventKeyDisable = Event{302, "key.disable"}
	EventKeyEnable  = Event{303, "key.enable"}
	EventKeyRevoke  = Event{304, "key.revoke"}
	EventKeyRotate  = Event{305, "key.rotate"}
	EventKeyRetire  = Event{306, "key.retire"}  // the old secret ended before its time
	EventKeyRevert  = Event{307, "key.revert"}  // a planned rotation was called off
	EventKeyRestore = Event{308, "key.restore"} // a revocation was taken back
	EventKeyGrace   = Event{309, "key.grace"}   // the first use of a new secret set the end of the old one
	EventKeyReveal  = Event{310, "key.reveal"}
	EventKeyCopy    = Event{311, "key.copy"}
	EventKeySave    = Event{312, "key.save"}
	EventKeyGive    = Event{313, "key.give"} // to a command; the reason tells its exit code

	// What several keys went through together; the object is the session.
	EventSessionStart = Event{320, "session.start"}
	EventSessionEnd   = Event{321, "session.end"}

	EventUse          = Event{400, "use"} // a notable use; the outcome tells
	EventUseThrottled = Event{401, "use.throttled"}
	EventUseOverflow  = Event{402, "use.overflow"}

	EventServeStart     = Event{500, "serve.start"}
	EventServeStop      = Event{501, "serve.stop"}
	EventServeHeartbeat = Event{502, "serve.heartbeat"}

	EventLintWaive    = Event{600, "lint.waive"}
	EventLintUnwaive  = Event{601, "lint.unwaive"}
	EventLintRemember = Event{602, "lint.remember"}
	EventLintChmod    = Event{603, "lint.chmod"}

	EventReviewBegin  = Event{700, "review.begin"}
	EventReviewDecide = Event{701, "review.decide"}
	EventReviewEnd    = Event{702, "review.end"}
)

// FieldTrustedProxies is the field of [EventServeStart] and [EventServeHeartbeat]
// that lists the proxies whose word for a client's address is taken, as
// addresses and prefixes.
const FieldTrustedProxies = "trusted_proxies"

var events = []Event{
	EventStoreInit, EventStoreDemo, EventStoreBackup, EventStoreCheck, EventStoreRestore,
	EventUserCreate, EventUserEdit, EventUserDisable, EventUserEnable,
	EventKeyCreate, EventKeyEdit, EventKeyDisable, EventKeyEnable, EventKeyRevoke,
	EventKeyRotate, EventKeyRetire, EventKeyRevert, EventKeyRestore, EventKeyGrace,
	EventKeyReveal, EventKeyCopy, EventKeySave, EventKeyGive,
	EventSessionStart, EventSessionEnd,
	EventUse, EventUseThrottled, EventUseOverflow,
	EventServeStart, EventServeStop, EventServeHeartbeat,
	EventLintWaive, EventLintUnwaive, EventLintRemember, EventLintChmod,
	EventReviewBegin, EventReviewDecide, EventReviewEnd,
}

// Events returns all events in the order of their codes.
func Events() []Event {
	return slices.Clone(events)
}

// EventNamed returns the event with that name.
func EventNamed(name string) (Event, bool) {
	i := slices.IndexFunc(events, func(e Event) bool { return e.Name == name })
	if i < 0 {
		return Event{}, false
	}
	return events[i], true
}

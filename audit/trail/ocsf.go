package trail

import (
	"cmp"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// The classes of OCSF 1.3, category 3 (identity and access management), that
// records become: a use is an Authentication, everything else Entity Management.
const (
	ocsfVersion    = "1.3.0"
	ocsfIAM        = 3
	authentication = 3002
	management     = 3004
	logon          = 1
	other          = 99
)

// activities of Entity Management, by the second half of the event's name.
var activities = map[string]struct {
	id   int
	name string
}{
	"create": {1, "Create"}, "init": {1, "Create"}, "demo": {1, "Create"},
	"reveal": {2, "Read"}, "copy": {2, "Read"}, "save": {2, "Read"},
	"backup": {2, "Read"}, "check": {2, "Read"},
	"edit":   {3, "Update"}, // and whatever else happens to users and keys
	"revoke": {4, "Delete"}, "enable": {8, "Enable"}, "restore": {8, "Enable"}, "disable": {9, "Disable"},
	"start": {10, "Activate"}, "stop": {11, "Deactivate"},
}

type ocsfEvent struct {
	Metadata       ocsfMetadata    `json:"metadata"`
	CategoryUID    int             `json:"category_uid"`
	ClassUID       int             `json:"class_uid"`
	ActivityID     int             `json:"activity_id"`
	ActivityName   string          `json:"activity_name"`
	TypeUID        int             `json:"type_uid"`
	SeverityID     int             `json:"severity_id"`
	StatusID       int             `json:"status_id"`
	Status         string          `json:"status"`
	StatusCode     string          `json:"status_code"`
	StatusDetail   string          `json:"status_detail,omitempty"`
	Time           int64           `json:"time"`
	Actor          ocsfActor       `json:"actor"`
	User           *ocsfUser       `json:"user,omitempty"`
	Service        *ocsfService    `json:"service,omitempty"`
	AuthProtocolID int             `json:"auth_protocol_id,omitempty"`
	AuthProtocol   string          `json:"auth_protocol,omitempty"`
	Endpoint       *ocsfEndpoint   `json:"src_endpoint,omitempty"`
	Request        *ocsfRequest    `json:"http_request,omitempty"`
	Entity         *ocsfEntity     `json:"entity,omitempty"`
	Comment        string          `json:"comment,omitempty"`
	Unmapped       json.RawMessage `json:"unmapped"` // the record itself
}

type ocsfMetadata struct {
	Version      string      `json:"version"`
	Product      ocsfProduct `json:"product"`
	EventCode    string      `json:"event_code"`
	LogName      string      `json:"log_name"`
	OriginalTime string      `json:"original_time"`
	Sequence     int64       `json:"sequence"`
	UID          string      `json:"uid"` // leaf hash of the record
}

type ocsfProduct struct {
	Name   string `json:"name"`
	Vendor string `json:"vendor_name"`
}

type ocsfActor struct {
	AppName string   `json:"app_name"`
	User    ocsfUser `json:"user"`
}

type ocsfUser struct {
	Name       string `json:"name,omitempty"`
	UID        string `json:"uid,omitempty"`
	Credential string `json:"credential_uid,omitempty"`
}

type ocsfService struct {
	Name string `json:"name"`
}

type ocsfEndpoint struct {
	IP string `json:"ip"`
}

type ocsfRequest struct {
	Agent string `json:"user_agent,omitempty"`
}

type ocsfEntity struct {
	Type string `json:"type"`
	UID  string `json:"uid,omitempty"`
	Name string `json:"name,omitempty"`
}

// ocsfWriter writes an event a line.
type ocsfWriter struct {
	w      io.Writer
	origin string
}

func (o ocsfWriter) write(e Entry) error {
	line, err := json.Marshal(o.event(e))
	if err != nil {
		return err
	}
	_, err = o.w.Write(append(line, '\n'))
	return err
}

func (ocsfWriter) flush() error { return nil }

func (o ocsfWriter) event(e Entry) ocsfEvent {
	x := ocsfEvent{
		Metadata: ocsfMetadata{
			Version: ocsfVersion, Product: ocsfProduct{"pakdeck", "pakdeck"}, EventCode: e.Event, LogName: o.origin,
			OriginalTime: journal.Stamp(e.Time), Sequence: e.Seq, UID: e.Leaf().String(),
		},
		CategoryUID: ocsfIAM, SeverityID: 1, StatusID: 1, Status: "Success", StatusCode: e.Outcome,
		Time: e.Time.UnixMilli(), Unmapped: e.Raw,
		Actor: ocsfActor{"pakdeck " + e.Actor.Via, ocsfUser{Name: e.Actor.User, UID: strconv.Itoa(e.Actor.UID)}},
	}
	if e.Outcome != string(keystore.OK) {
		x.StatusID, x.Status, x.SeverityID = 2, "Failure", 2
	}
	if e.Source.IP != "" {
		x.Endpoint = &ocsfEndpoint{e.Source.IP}
	}
	if e.Code >= journal.EventUse.Code && e.Code < journal.EventServeStart.Code {
		x.authentication(e)
	} else {
		x.management(e)
	}
	x.TypeUID = 100*x.ClassUID + x.ActivityID
	return x
}

// authentication is the use of a key by somebody: the user is the key's owner.
func (x *ocsfEvent) authentication(e Entry) {
	x.ClassUID, x.ActivityID, x.ActivityName = authentication, logon, "Logon"
	x.AuthProtocolID, x.AuthProtocol = other, "API key"
	x.StatusDetail = e.Reason
	owner, _, _ := strings.Cut(e.Object.Name, "/")
	x.User = &ocsfUser{Name: cmp.Or(owner, "unknown"), Credential: e.Source.Secret} // a user has a name
	x.Service = &ocsfService{cmp.Or(e.Source.Route, x.Metadata.LogName)}
	if e.Source.Agent != "" {
		x.Request = &ocsfRequest{e.Source.Agent}
	}
}

// management is a change, or what happened to the store or a service.
func (x *ocsfEvent) management(e Entry) {
	subject, verb, _ := strings.Cut(e.Event, ".")
	x.ClassUID, x.ActivityID, x.ActivityName = management, other, e.Event
	a, ok := activities[verb]
	if !ok && (subject == "key" || subject == "user") {
		a, ok = activities["edit"], true
	}
	if ok {
		x.ActivityID, x.ActivityName = a.id, a.name
	}
	x.Comment = e.Reason
	x.Entity = &ocsfEntity{Type: e.Object.Kind, UID: e.Object.ID, Name: e.Object.Name}
}

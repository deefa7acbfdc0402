package lint_test

import (
	"bytes"
	"encoding/csv"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// credentials returns the rows of the credential report by their first cell,
// each by the names of the columns.
func credentials(t *testing.T, w *world, uses map[token.ID]keystore.Uses) map[string]map[string]string {
	t.Helper()
	r := lint.Report{Findings: lint.Run(w.Snapshot), Keys: w.Keys, Uses: uses, Time: now, StoreID: w.Store.ID}
	rows, err := csv.NewReader(bytes.NewReader(written(t, lint.WriteCredentials, r))).ReadAll()
	if err != nil || len(rows) != len(w.Keys)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	out := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		out[row[0]] = cells
	}
	return out
}

func TestTheCredentialReportHasTheColumnsOfAWS(t *testing.T) {
	const aws = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
		"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
		"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
		"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated,"
	if got := string(written(t, lint.WriteCredentials, report(lint.Error))); !strings.HasPrefix(got, aws) {
		t.Errorf("the heading is %.600s", got)
	}
}

func TestAKeyIsALineOfTheCredentialReport(t *testing.T) {
	w := newWorld()
	old, current := token.ID{1}, token.ID{2}
	k := w.key()
	k.Secrets = []keystore.Secret{
		{ID: old, State: keystore.Retiring, Created: now.Add(-40 * day), Retires: now.Add(time.Hour)},
		{ID: current, State: keystore.Current, Created: now.Add(-2 * day)},
	}
	last := keystore.Sighting{Time: now.Add(-time.Hour), Caller: keystore.Caller{IP: netip.MustParseAddr("10.4.7.9"), Route: "=POST /v1"}}
	off := w.add("0000000000000k02", "off")
	off.DisabledAt, off.Expires, off.Secrets[0].ID = now, time.Time{}, token.ID{3}
	w.add("0000000000000k03", "uses AKIAIOSFODNN7EXAMPLE").Revoked = now
	got := credentials(t, w, map[token.ID]keystore.Uses{old: {OK: 3, Last: last}})
	for name, want := range map[string]map[string]string{
		"build-bot/ci-deploy": {
			"arn": "pakdeck:000000000001:key/0000000000000k01", "user_creation_time": "2026-10-14T14:32:00+00:00", "mfa_active": "not_supported",
			"access_key_1_active": "true", "access_key_1_last_rotated": "2026-11-21T14:32:00+00:00", "access_key_1_last_used_date": "no_information",
			"access_key_1_last_used_service": "N/A", "access_key_1_last_used_ip": "N/A",
			"access_key_2_active": "true", "access_key_2_last_rotated": "2026-10-14T14:32:00+00:00", "access_key_2_last_used_date": "2026-11-23T13:32:00+00:00",
			"access_key_2_last_used_service": "'=POST /v1", "access_key_2_last_used_region": "N/A", "access_key_2_last_used_ip": "10.4.7.9",
			"cert_2_last_rotated": "not_supported", "owner": "build-bot", "owner_kind": "service", "owner_active": "true", "state": "rotating",
			"expires": "2027-01-02T14:32:00+00:00",
		},
		"build-bot/off": {
			"access_key_1_active": "false", "access_key_1_last_rotated": "2026-10-14T14:32:00+00:00",
			"access_key_2_active": "false", "access_key_2_last_rotated": "N/A", "access_key_2_last_used_date": "N/A", "expires": "never", "state": "disabled",
		},
		"build-bot/uses [redacted]": {"access_key_1_active": "false", "state": "revoked", "errors": "2", "score": "50", "rules": "PAK605"},
	} {
		for column, value := range want {
			if got[name][column] != value {
				t.Errorf("%s: %s is %q, want %q", name, column, got[name][column], value)
			}
		}
	}
}

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) keyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show KEY", Short: "Show a key", Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			k, err := st.Key(ctx, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printKey(ctx, st, k)
			}
			rows, err := keyRows(k, a.viewer(ctx, st))
			if err != nil {
				return err
			}
			return a.printRows(rows)
		}),
	}
}

// keyRows are all that is known of a key.
func keyRows(k keystore.KeyView, v viewer) ([][]string, error) {
	rows := append([][]string{
		{"key", k.Ref()},
		{"id", string(k.ID)},
	}, draftRows(k, v)...)
	rows = append(rows, endRows(k)...)
	secrets, err := v.secrets(k)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, s := range secrets {
		line := fmt.Sprintf("%s %s, made %s, first used %s", s.ID, s.State, s.Created, s.FirstUsed.or("never"))
		if s.State == keystore.Retiring {
			line += ", retires " + s.Retires.or("by hand")
		}
		lines = append(lines, line)
	}
	rows = append(rows, listRows("secrets", "none", lines)...)
	rows = append(rows, usesRows(k.Uses, v)...)
	return append(rows, [][]string{
		{"created", instant(k.Created).String()},
		{"updated", instant(k.Updated).String()},
		{"version", strconv.FormatUint(k.Version, 10)},
	}...), nil
}

// endRows say why a key does not work.
func endRows(k keystore.KeyView) [][]string {
	var rows [][]string
	if !k.Revoked.IsZero() {
		rows = append(rows, []string{"revoked", instant(k.Revoked).String() + ": " + k.RevokeReason})
	}
	if !k.DisabledAt.IsZero() {
		rows = append(rows, []string{"disabled", instant(k.DisabledAt).String()})
	}
	if k.Owner.Disabled {
		rows = append(rows, []string{"owner", "disabled"})
	}
	return rows
}

func usesRows(u keystore.Uses, v viewer) [][]string {
	return [][]string{
		{"uses", text.Count(int64(u.OK))},
		{"last used", sightingText(u.Last, v)},
		{"denied", deniedText(u.Denied)},
		{"last denied", sightingText(u.LastDenied, v)},
	}
}

func sightingText(s keystore.Sighting, v viewer) string {
	if s.Time.IsZero() {
		return "never"
	}
	parts := []string{instant(s.Time).String() + " (" + expiry.In(s.Time, v.now) + ")"}
	if s.IP.IsValid() {
		parts = append(parts, "from "+s.IP.String())
	}
	if s.Route != "" {
		parts = append(parts, s.Route)
	}
	if s.Agent != "" {
		parts = append(parts, "with "+s.Agent)
	}
	return strings.Join(parts, ", ")
}

func deniedText(denied map[keystore.Outcome]uint64) string {
	if len(denied) == 0 {
		return "0"
	}
	var parts []string
	for _, o := range slices.Sorted(maps.Keys(denied)) {
		parts = append(parts, text.Count(int64(denied[o]))+" "+string(o))
	}
	return strings.Join(parts, ", ")
}

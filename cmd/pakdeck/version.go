package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// versionJSON is what the toolchain wrote into the program.
type versionJSON struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Time     string `json:"time"`
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
}

// unknownVersion is that of a program that was not built from a module.
const unknownVersion = "(devel)"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell which pakdeck this is", Args: want(),
		RunE: func(*cobra.Command, []string) error {
			v := buildVersion()
			if a.json {
				return a.printJSON(v)
			}
			commit := v.Commit
			if v.Modified {
				commit += " (modified)"
			}
			rows := [][]string{{"pakdeck", v.Version}, {"commit", commit}, {"built from", v.Time}, {"go", v.Go}}
			return a.printRows(rows)
		},
	}
}

func buildVersion() versionJSON {
	v := versionJSON{Version: unknownVersion, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

package main

import (
	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// lookFlags are how the dashboard shall look this time, whatever the
// configuration says.
type lookFlags struct {
	theme paletteFlag
	ascii bool
	plain bool
}

func (a *app) addLook(c *cobra.Command) {
	c.Flags().Var(&a.look.theme, "theme", "`COLOURS` of the dashboard: auto, light, dark, mono, contrast or colour-blind")
	c.Flags().BoolVar(&a.look.ascii, "ascii", false, "draw the dashboard with nothing but ASCII")
	c.Flags().BoolVar(&a.look.plain, "plain", false, "ask and answer in lines instead: for screen readers, and TERM=dumb")
	a.completeWords(c, "theme", paletteNames()...)
}

func paletteNames() []string {
	var names []string
	for p := theme.Auto; p <= theme.ColourBlind; p++ {
		names = append(names, p.String())
	}
	return names
}

// paletteFlag is the value of a flag that names colours.
type paletteFlag struct {
	palette theme.Palette
	given   bool
}

func (f *paletteFlag) String() string {
	if !f.given {
		return ""
	}
	return f.palette.String()
}

// Set implements pflag.Value.
func (f *paletteFlag) Set(s string) (err error) {
	f.palette, err = theme.ParsePalette(s)
	f.given = err == nil
	return err
}

// Type implements pflag.Value.
func (f *paletteFlag) Type() string { return "name" }

// choices are the operator's, from the file and the flags.
func (a *app) choices() (config.Config, error) {
	c := config.Default()
	if a.config != "" {
		var err error
		if c, err = config.Read(a.config); err != nil {
			return c, &usageError{text: err.Error(), hint: "correct the file, or move it away"}
		}
	}
	c.ASCII = c.ASCII || a.look.ascii
	if a.look.theme.given {
		c.Theme = a.look.theme.palette
	}
	return c, nil
}

// readView reads how the lists of the dashboard were left.
func (a *app) readView() (config.View, error) {
	if a.view == "" {
		return config.View{}, nil
	}
	return config.ReadView(a.view)
}

// writeView keeps how they are shown.
func (a *app) writeView(v config.View) error {
	if a.view == "" {
		return nil
	}
	return config.WriteView(a.view, v)
}

package merge_test

import (
	"testing"

	"github.com/pakdeck/pakdeck/tui/merge"
)

func TestWhoseValueAFieldHas(t *testing.T) {
	for _, c := range []struct {
		name               string
		base, mine, theirs string
		where              string // of the three lists, or none
		mineCounts         bool
	}{
		{"nobody changed it", "a", "a", "a", "", false},
		{"only I changed it", "a", "b", "a", "kept", true},
		{"only they changed it", "a", "a", "b", "taken", false},
		{"both changed it alike", "a", "b", "b", "", false},
		{"both changed it", "a", "b", "c", "both", false},
		{"I emptied it, they changed it", "a", "", "c", "both", false},
		{"they emptied it", "a", "a", "", "taken", false},
		{"both filled it", "", "b", "c", "both", false},
	} {
		r := merge.Fields(merge.Field{Name: "other"}, merge.Field{Name: "f", Base: c.base, Mine: c.mine, Theirs: c.theirs})
		where := ""
		for list, fields := range map[string][]merge.Field{"kept": r.Kept, "taken": r.Taken, "both": r.Both} {
			if len(fields) == 1 && fields[0].Name == "f" {
				where += list
			}
		}
		if where != c.where || r.Mine("f") != c.mineCounts {
			t.Errorf("%s: in %q, mine %v; want %q, %v", c.name, where, r.Mine("f"), c.where, c.mineCounts)
		}
	}
}

func TestWhatBothChangedIsChosenFieldByField(t *testing.T) {
	asked := merge.Fields(
		merge.Field{Name: "name", Base: "a", Mine: "b", Theirs: "c"},
		merge.Field{Name: "kept", Base: "a", Mine: "b", Theirs: "a"},
		merge.Field{Name: "contact", Base: "a", Mine: "b", Theirs: ""},
	)
	one := asked.Choose("contact", true)
	two := one.Choose("name", false)
	for _, c := range []struct {
		r     merge.Result
		open  int
		first string
		mine  map[string]bool
	}{
		{asked, 2, "name", map[string]bool{"name": false, "kept": true, "contact": false}},
		{one, 1, "name", map[string]bool{"name": false, "kept": true, "contact": true}},
		{two, 0, "", map[string]bool{"name": false, "kept": true, "contact": true}},
		{two.Choose("name", true), 0, "", map[string]bool{"name": true, "kept": true, "contact": true}},
	} {
		open := c.r.Open()
		if len(open) != c.open || len(open) > 0 && open[0].Name != c.first {
			t.Errorf("open %v, want %d from %q on", open, c.open, c.first)
		}
		for name, want := range c.mine {
			if c.r.Mine(name) != want {
				t.Errorf("with %d open, %s is mine: %v", c.open, name, !want)
			}
		}
	}
}

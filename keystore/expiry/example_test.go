package expiry_test

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/expiry"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func ExampleParse() {
	for _, s := range []string{"90d", "next fri 18:00", "eom", "2027-03-28 02:30 Europe/Berlin", "never"} {
		e, err := expiry.Parse(s, now, time.UTC)
		fmt.Println(e, e.Note, err)
	}
	// Output:
	// 2027-02-21T09:00:00Z  <nil>
	// 2026-12-04T18:00:00Z  <nil>
	// 2026-11-30T09:00:00Z  <nil>
	// 2027-03-28T01:30:00Z 2027-03-28 02:30 does not exist in Europe/Berlin (clocks go forward): 03:30 is meant <nil>
	// never  <nil>
}

func ExampleParse_refused() {
	for _, s := range []string{"30x", "02/03/2027", "2020-01-01"} {
		_, err := expiry.Parse(s, now, time.UTC)
		fmt.Println(err)
	}
	// Output:
	// "30x" has an unknown unit: d, w, m (months), y, h and min are known; try 90d, 2027-02-21 or eom
	// "02/03/2027" could be 2027-03-02 or 2027-02-03: write YYYY-MM-DD; try 2027-03-02, 2027-02-03 or 90d
	// "2020-01-01" was 2020-01-01 09:00 UTC, 2518 days ago; try 90d, 2027-02-21 or eom
}

func ExampleIn() {
	e, _ := expiry.Parse("90d", now, time.UTC)
	fmt.Println(expiry.In(e.At, now), "/", expiry.Short(e.At, now), "/", expiry.Local(e.At, time.UTC))
	// Output: in 90 days / 90d / 2027-02-21 09:00 UTC
}

func ExampleMonth_Grid() {
	m := expiry.Month{Year: 2027, Month: time.January}
	fmt.Println(m)
	for _, week := range m.Grid() {
		for _, d := range week {
			if d.IsZero() {
				fmt.Print("  .")
			} else {
				fmt.Printf("%3d", d.Day)
			}
		}
		fmt.Println()
	}
	// Output:
	// January 2027
	//   .  .  .  .  1  2  3
	//   4  5  6  7  8  9 10
	//  11 12 13 14 15 16 17
	//  18 19 20 21 22 23 24
	//  25 26 27 28 29 30 31
	//   .  .  .  .  .  .  .
}

package text_test

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/tui/text"
)

func ExampleSafe() {
	fmt.Println(text.Safe("deploy\x1b[2J \u202ekey"))
	// Output: deploy\x1b[2J \u202ekey
}

func ExampleFit() {
	fmt.Printf("[%s]\n", text.Fit("支払い-worker", 8))
	fmt.Printf("[%s]\n", text.Fit("ci", 8))
	// Output:
	// [支払い-…]
	// [ci      ]
}

func ExampleTruncateMiddle() {
	fmt.Println(text.TruncateMiddle("01jzk7m2q8x4y0w3", 9))
	// Output: 01jzk7…w3
}

func ExampleAgo() {
	fmt.Println(text.Ago(52*time.Hour), text.Ago(200*time.Second))
	// Output: 2d 4h 3m
}

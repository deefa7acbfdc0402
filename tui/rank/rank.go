// Package rank puts the rows of long lists in order by numbers, many times as
// quickly as comparing them would.
package rank

import "slices"

const (
	digit  = 11 // bits that are looked at at a time
	values = 1 << digit
)

// By returns rows in the order of their numbers, which are looked up by the row;
// down is the greatest first. Rows with equal numbers stay as they are to each
// other. It is a radix sort, from the lowest digit up; a digit in which all numbers
// agree costs one look, and if there is no other, the rows themselves are returned.
func By(rows []int32, numbers []int64, down bool) []int32 {
	var flip uint64 = 1 << 63 // in the order of unsigned numbers
	if down {
		flip = ^flip
	}
	var spare []int32
	given := true // rows are not ours to write into
	for shift := 0; shift < 64; shift += digit {
		var starts [values]int
		for _, row := range rows {
			starts[(uint64(numbers[row])^flip)>>shift%values]++
		}
		if slices.Contains(starts[:], len(rows)) {
			continue
		}
		sum := 0
		for i, n := range starts {
			starts[i] = sum
			sum += n
		}
		if spare == nil {
			spare = make([]int32, len(rows))
		}
		for _, row := range rows {
			at := &starts[(uint64(numbers[row])^flip)>>shift%values]
			spare[*at] = row
			*at++
		}
		rows, spare = spare, rows
		if given {
			given, spare = false, nil
		}
	}
	return rows
}

package lint

import (
	"fmt"
	"slices"
)

// shortestNight is how many hours a day a key must be at rest to have working
// hours at all.
const shortestNight = 8

// workingHours returns the hours of the day in which more than 99 of 100 uses
// lie: their first hour and how many they are, ok if there are few enough.
func workingHours(hours [24]uint64) (first, n int, ok bool) {
	total := uint64(0)
	for _, x := range hours {
		total += x
	}
	fits := func(n int) (int, bool) {
		first, most := busiest(&hours, n)
		return first, most*100 > total*99
	}
	if _, ok = fits(24 - shortestNight); !ok {
		return 0, 0, false // as with most keys, which never rest
	}
	for n = 1; ; n++ {
		if first, ok = fits(n); ok {
			return first, n, true
		}
	}
}

// busiest returns the n hours in a row with the most uses.
func busiest(hours *[24]uint64, n int) (first int, most uint64) {
	in := uint64(0)
	for i := range n {
		in += hours[i]
	}
	most = in
	for i := 1; i < 24; i++ {
		in += hours[(i+n-1)%24] - hours[i-1]
		if in > most {
			first, most = i, in
		}
	}
	return first, most
}

func outsideHours(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil {
		return nil
	}
	total := uint64(0)
	for _, n := range x.seen.Hours {
		total += n
	}
	if total < s.Config.HoursUses {
		return nil
	}
	first, n, ok := workingHours(x.seen.Hours)
	if !ok {
		return nil
	}
	outside := uint64(0)
	for h, uses := range x.seen.Today {
		if (h-first+24)%24 >= n {
			outside += uses
		}
	}
	if outside == 0 {
		return nil
	}
	hours := fmt.Sprintf("%02d:00-%02d:00 UTC", first, (first+n)%24)
	return one(hit{
		text:     fmt.Sprintf("used %s outside its hours, %s", plural(int(outside), "time", "times"), hours),
		evidence: []string{fact("hours", "%s, more than 99 of 100 of %d uses", hours, total), x.lastUse()},
		fix:      advice("ask its owner whether that is them; if not, rotate the key"),
	})
}

// usualDay is the median of the last 14 full days, of a key that was used on at
// least half of them.
func (a *Activity) usualDay() (median uint64, ok bool) {
	days := a.Days
	past := days[1:]
	slices.Sort(past)
	return past[len(past)/2], past[len(past)/2] > 0
}

func volumeJump(s *scene, x *subject) []hit {
	if !x.usable || x.seen == nil {
		return nil
	}
	today := x.seen.Days[0]
	if today <= s.Config.JumpUses {
		return nil
	}
	usual, ok := x.seen.usualDay()
	if !ok || today <= s.Config.JumpTimes*usual {
		return nil
	}
	return one(hit{
		text:     fmt.Sprintf("used %d times today, %d times as often as on a usual day", today, today/usual),
		evidence: []string{fact("today", "%d", today), fact("usual", "%d a day, the median of 14 days", usual), x.lastUse()},
		fix:      advice("ask its owner what has changed"),
	})
}

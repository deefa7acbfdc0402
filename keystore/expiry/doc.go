// Package expiry turns what an operator types ("90d", "2027-02-21", "next fri",
// "eom 18:00 Europe/Berlin") into the instant at which a key stops working, and
// back into words and calendar pages.
//
// It is generous in what it understands, exact in what that means, and refuses
// the rest: dates with two readings (02/03/2027), instants that have passed or
// are more than 100 years away, units that do not exist. An error quotes the
// input and lists forms that would be right.
//
// # What is understood
//
//	never
//	90d  6w  3m  1y  +6w  in 90 days  1 year    calendar units, see below
//	12h  90min  in 12 hours                     exactly so long from now
//	2027-02-21  2027/02/21  21 Feb 2027  Feb 21 2027
//	2027-02-21 18:00  2027-02-21T18:00:30  Sun 2027-02-21 (if it is one)
//	2027-02-21T18:00:00Z  2027-02-21T18:00+01:00    RFC 3339
//	today 18:00  tomorrow
//	fri  friday          the next Friday after today, never today
//	next fri             the Friday of next week; weeks begin on Monday
//	eom  eoq  eoy        the last day of this month, quarter or year; of the
//	                     next one if that instant has passed
//
// Case and extra blanks do not matter. Everything that names a day may be
// followed by a time ("tomorrow 18:00", "90d 18:00"); without one it means
// 09:00. Everything but never and RFC 3339 with an offset may end in a zone:
// UTC or a name of the IANA time zone database with a slash in it
// (Europe/Berlin). Without one the caller's location counts.
//
// Days, weeks, months and years are counted on the calendar of that zone. Months
// and years keep the day of the month, or take the last day of a shorter month:
// one month after January 31 is February 28 or 29. m is months; minutes are min.
//
// A local time that does not exist because clocks go forward is moved forward
// by as much as the clocks; of a local time that exists twice the first is
// taken. Both are told in a note.
//
// # What is promised
//
// Instants are whole seconds in UTC; fractions are cut. An accepted instant is
// in the future and at most 100 years away. The String of an [Expiry] is read
// back as the same instant.
//
// Names of zones are looked up with [time.LoadLocation]: a program that must
// run on machines without a time zone database imports time/tzdata.
package expiry

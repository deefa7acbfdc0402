package token

import "hash/crc32"

// crcTables are the tables of CRC-32/IEEE for eight bytes at a time.
var crcTables = func() (t [8][256]uint32) {
	for i, c := range crc32.IEEETable {
		for j := range t {
			t[j][i] = c
			c = crc32.IEEETable[c&0xff] ^ c>>8
		}
	}
	return t
}()

// checksum is crc32.ChecksumIEEE of a string. hash/crc32 takes bytes only and
// lets them escape, which would put a copy of every key string on the heap.
func checksum(s string) uint32 {
	t, c := &crcTables, ^uint32(0)
	for ; len(s) >= 8; s = s[8:] {
		c ^= uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
		c = t[0][s[7]] ^ t[1][s[6]] ^ t[2][s[5]] ^ t[3][s[4]] ^
			t[4][c>>24] ^ t[5][c>>16&0xff] ^ t[6][c>>8&0xff] ^ t[7][c&0xff]
	}
	if len(s) >= 4 {
		c ^= uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
		c = t[0][c>>24] ^ t[1][c>>16&0xff] ^ t[2][c>>8&0xff] ^ t[3][c&0xff]
		s = s[4:]
	}
	for i := range len(s) {
		c = t[0][byte(c)^s[i]] ^ c>>8
	}
	return ^c
}

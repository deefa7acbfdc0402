// Package audit holds what judges the keystore without ever changing a key:
// who changed what (trail), and, as it grows, who used what and what breaks
// best practice. It may import keystore; keystore never imports it.
package audit

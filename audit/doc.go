// Package audit holds what judges the keystore without ever changing a key:
// who changed what (trail), what breaks best practice (lint), whom a restriction
// would have refused (whatif), and, as it grows, who used what. It may import
// keystore; keystore never imports it.
package audit

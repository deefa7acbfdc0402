// Package audit holds what judges the keystore without ever changing a key:
// who changed what (trail), what breaks best practice (lint), whom a restriction
// would have refused (whatif), who used what (usage), and what somebody who looked
// at every key said of it (review). It may import keystore; keystore never imports
// it.
package audit

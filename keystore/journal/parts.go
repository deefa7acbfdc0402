package journal

import "bytes"

// The texts of the object and the source of a record, in the order of the format.
var (
	objectTexts = [...]string{"kind", "id", "name"}
	sourceTexts = [...]string{"ip", "agent", "route", "secret", "fingerprint"}
)

// partsOf reads the object and the source of a stored record at a fraction of the
// cost of [Decode]. A quote within a text is escaped, so what opens a member
// cannot stand in one. It shares the memory of the record where it can.
func partsOf(raw []byte) (object [len(objectTexts)][]byte, source [len(sourceTexts)][]byte) {
	const opening, openingSource, openingDiff = `,"object":{`, `,"source":{`, `,"diff":[`
	at := bytes.Index(raw, []byte(opening))
	if at >= 0 && !bytes.Contains(raw[:at], []byte(openingDiff)) {
		raw = texts(object[:], objectTexts[:], raw[at+len(opening):])
		raw = bytes.TrimPrefix(raw, []byte("}"))
	} else if at = bytes.Index(raw, []byte(openingSource)); at >= 0 && !bytes.Contains(raw[:at], []byte(openingDiff)) {
		raw = raw[at:]
	}
	if rest, ok := bytes.CutPrefix(raw, []byte(openingSource)); ok {
		texts(source[:], sourceTexts[:], rest)
	}
	return object, source
}

// texts reads those of some texts that are there, and returns what follows.
func texts(out [][]byte, names []string, b []byte) (rest []byte) {
	for i, name := range names {
		body, ok := bytes.CutPrefix(bytes.TrimPrefix(b, []byte(",")), []byte(`"`))
		if !ok || !bytes.HasPrefix(body, []byte(name)) || !bytes.HasPrefix(body[len(name):], []byte(`":"`)) {
			continue
		}
		body = body[len(name)+len(`":"`):]
		end := bytes.IndexByte(body, '"')
		if end < 0 {
			return nil
		}
		if bytes.IndexByte(body[:end], '\\') < 0 {
			out[i], b = body[:end], body[end+1:]
			continue
		}
		p := parser{s: `"` + string(body)}
		out[i] = []byte(p.text())
		b = []byte(p.s[p.at:])
	}
	return b
}

package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// maxDepth bounds how deep arrays and objects may lie in each other in a diff
// value, so that neither side can be made to recurse without end.
const maxDepth = 16

var errDepth = errors.New("arrays and objects may lie 16 deep at most")

// appendValue appends v as JSON without white space, with its strings in the
// canonical form. Numbers and the order of object members stay as encoding/json
// writes them.
func appendValue(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case string:
		return appendString(dst, valid(v)), nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("value of type %T has no JSON form: %w", v, err)
	}
	return appendCanonical(dst, bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

// appendCanonical appends src, which is valid JSON without white space, with
// every string in the canonical form.
func appendCanonical(dst, src []byte) ([]byte, error) {
	depth := 0
	for i := 0; i < len(src); {
		switch src[i] {
		case '"':
			end := stringEnd(src, i)
			var s string
			if err := json.Unmarshal(src[i:end], &s); err != nil {
				return nil, err
			}
			dst = appendString(dst, s)
			i = end
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > maxDepth {
			return nil, errDepth
		}
		dst = append(dst, src[i])
		i++
	}
	return dst, nil
}

// stringEnd returns the index after the string literal that begins at i.
func stringEnd(src []byte, i int) int {
	for i++; src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i + 1
}

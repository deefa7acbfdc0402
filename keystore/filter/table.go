package filter

import (
	"slices"
	"strings"
)

// Field is one kind of term. What it compiles its values to is up to the filter
// that has it.
type Field[M any] struct {
	Name    string // before the colon
	Help    string // what the value is held against
	Example string // a whole term

	// Compile reads a value; text says what is wrong with it. It is nil for values
	// that the filter reads itself.
	Compile func(value string) (m M, text string)
}

// Table is the fields of a kind of filter, in the order in which they are
// explained.
type Table[M any] struct {
	Fields []Field[M]
	Bare   Field[M] // of a term that names none
}

// Compile reads the values of a term. The error is a [*SyntaxError].
func (t Table[M]) Compile(w Word) ([]M, error) {
	fail := func(text string) ([]M, error) { return nil, &SyntaxError{Term: w.Raw, Text: text} }
	f, ok := t.Bare, true
	if w.HasField {
		f, ok = t.named(strings.ToLower(w.Field))
	}
	switch {
	case !ok:
		return fail("there is no such field; use " + t.names() + ", or quotes to look for the text")
	case slices.Contains(w.Values, ""):
		return fail("a value is missing; write " + f.Example)
	case f.Compile == nil:
		return nil, nil
	}
	var out []M
	for _, value := range w.Values {
		m, text := f.Compile(value)
		if text != "" {
			return fail(text)
		}
		out = append(out, m)
	}
	return out, nil
}

func (t Table[M]) named(name string) (Field[M], bool) {
	i := slices.IndexFunc(t.Fields, func(f Field[M]) bool { return f.Name == name })
	if i < 0 {
		return Field[M]{}, false
	}
	return t.Fields[i], true
}

func (t Table[M]) names() string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name + ":"
	}
	return strings.Join(names[:len(names)-1], " ") + " or " + names[len(names)-1]
}

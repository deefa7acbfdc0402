package token

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
)

// holders are the ways in which a key gets into a print statement.
func holders(k Key) map[string]any {
	type exported struct{ Key Key }
	type hidden struct{ key Key }
	type hiddenPointer struct{ key *Key }
	return map[string]any{
		"value": k, "pointer": &k, "slice": []Key{k}, "map": map[string]Key{"k": k},
		"exported": exported{k}, "hidden": hidden{k}, "pointer to hidden": &hidden{k},
		"hidden pointer": hiddenPointer{&k}, "any": []any{k, &k},
		"error": fmt.Errorf("bad key %v: %w", k, errors.New("cause")),
	}
}

func TestNoVerbPrintsTheSecret(t *testing.T) {
	k := mint(t, "pak", 1)
	for name, holder := range holders(k) {
		for verb := '!'; verb <= '~'; verb++ {
			for _, flags := range []string{"", "+", "#", "-", "0", " ", "80", "-80", ".3", ".100", "#+80"} {
				format := "%" + flags + string(verb)
				if out := fmt.Sprintf(format, holder); leaks(out, k) || leaksHex(out, k) {
					t.Errorf("%s with %s: %s", name, format, out)
				}
			}
		}
		if out := fmt.Sprint(holder) + fmt.Sprintln(holder); leaks(out, k) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func leaksHex(text string, k Key) bool {
	s := k.Reveal()
	tail := fmt.Sprintf("%x", s[len(s)-tailWidth:])
	return strings.Contains(strings.ToLower(strings.ReplaceAll(text, " ", "")), tail[:16])
}

func TestFormats(t *testing.T) {
	k, _ := Parse("pak", withChecksum("pak_4kTMd9zqW8aB_"+strings.Repeat("0", 43)))
	tests := []struct{ format, want, wantZero string }{
		{"%v", "pak_4kTMd9zqW8aB_[redacted]", "[no key]"},
		{"%s", "pak_4kTMd9zqW8aB_[redacted]", "[no key]"},
		{"%+v", "pak_4kTMd9zqW8aB_[redacted]", "[no key]"},
		{"%x", "pak_4kTMd9zqW8aB_[redacted]", "[no key]"},
		{"%d", "pak_4kTMd9zqW8aB_[redacted]", "[no key]"},
		{"%q", `"pak_4kTMd9zqW8aB_[redacted]"`, `"[no key]"`},
		{"%#v", `token.Key("pak_4kTMd9zqW8aB_[redacted]")`, `token.Key("[no key]")`},
		{"%-30v|", "pak_4kTMd9zqW8aB_[redacted]   |", "[no key]                      |"},
		{"%30s", "   pak_4kTMd9zqW8aB_[redacted]", "                      [no key]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprintf(tt.format, k); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.format, got, tt.want)
		}
		if got := fmt.Sprintf(tt.format, Key{}); got != tt.wantZero {
			t.Errorf("%s of no key: %s, want %s", tt.format, got, tt.wantZero)
		}
	}
}

func TestSlogRedacts(t *testing.T) {
	k := mint(t, "pak", 1)
	var out bytes.Buffer
	options := &slog.HandlerOptions{AddSource: true, Level: slog.LevelDebug}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, options), slog.NewJSONHandler(&out, options)} {
		log := slog.New(h).With("bound", k)
		for name, holder := range holders(k) {
			log.Info("issued", name, holder, slog.Group("group", "key", holder))
		}
	}
	if leaks(out.String(), k) {
		t.Error(out.String())
	}
	if n := strings.Count(out.String(), k.String()); n < 40 {
		t.Errorf("only %d redacted forms in:\n%s", n, out.String())
	}
}

func TestTextEncodersRedact(t *testing.T) {
	k := mint(t, "pak", 1)
	type document struct {
		Key  Key
		Attr Key `xml:"attr,attr" json:"attr"`
		Ptr  *Key
		None Key
		Skip Key `json:",omitzero" xml:"-"`
	}
	doc := document{Key: k, Attr: k, Ptr: &k}
	asJSON, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	r := k.String()
	if want := fmt.Sprintf(`{"Key":%q,"attr":%q,"Ptr":%q,"None":""}`, r, r, r); string(asJSON) != want {
		t.Errorf("got %s\nwant %s", asJSON, want)
	}
	asXML, err := xml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`<document attr=%q><Key>%s</Key><Ptr>%s</Ptr><None></None></document>`, r, r, r); string(asXML) != want {
		t.Errorf("got %s\nwant %s", asXML, want)
	}
	asMapKey, err := json.Marshal(map[string]any{"a": k, "b": []*Key{&k}})
	if err != nil || leaks(string(asMapKey), k) {
		t.Errorf("%s, %v", asMapKey, err)
	}
	var page bytes.Buffer
	if err := template.Must(template.New("").Parse("{{.}} {{.Key}} {{printf `%q` .Key}}")).Execute(&page, doc); err != nil || leaks(page.String(), k) {
		t.Errorf("%s, %v", page.String(), err)
	}
}

func TestRedactedFormIsNotReadBack(t *testing.T) {
	var into struct{ Key Key }
	if err := json.Unmarshal([]byte(`{"Key":"pak_4kTMd9zqW8aB_[redacted]"}`), &into); err == nil || !into.Key.IsZero() {
		t.Error("a redacted form became a key")
	}
}

func TestBinaryEncodersRefuse(t *testing.T) {
	k := mint(t, "pak", 1)
	var out bytes.Buffer
	for _, v := range []any{k, &k, struct{ Key Key }{k}} {
		if err := gob.NewEncoder(&out).Encode(v); err == nil || leaks(err.Error(), k) {
			t.Errorf("gob of %T: %v", v, err)
		}
	}
	if leaks(out.String(), k) {
		t.Error("gob wrote the secret")
	}
	if b, err := k.MarshalBinary(); !errors.Is(err, ErrNotEncodable) || len(b) != 0 {
		t.Errorf("%x, %v", b, err)
	}
}

func TestPanicsRedact(t *testing.T) {
	k := mint(t, "pak", 1)
	defer func() {
		if out := fmt.Sprint(recover()); out != k.String() {
			t.Error(out)
		}
	}()
	panic(k)
}

// Type-checks comparisons against the sources of the package.
func TestComparingKeysDoesNotCompile(t *testing.T) {
	for expression, compiles := range map[string]bool{
		"a == b":                 false,
		"a != b":                 false,
		"any(a) == any(b)":       true, // panics
		"a.Equal(b)":             true,
		"a.id == b.id":           true,
		"len(map[Key]int{}) > 0": false,
		"len(map[ID]int{}) > 0":  true,
	} {
		errs := typeErrors(t, "package token\nfunc compare(a, b Key) bool { return "+expression+" }")
		if (len(errs) == 0) != compiles {
			t.Errorf("%s: %v", expression, errs)
		}
	}
}

type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	return nil, errors.New("not imported: " + path)
}

// typeErrors returns the errors of the type checker in one more file of the
// package. Errors for want of imports elsewhere do not count.
func typeErrors(t *testing.T, source string) (errs []string) {
	t.Helper()
	const name = "compare.go"
	fset := token.NewFileSet()
	extra, err := parser.ParseFile(fset, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	files := []*ast.File{extra}
	paths, _ := filepath.Glob("*.go")
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(fset, path, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	config := types.Config{Importer: noImports{}, Error: func(err error) {
		if e, ok := errors.AsType[types.Error](err); ok && fset.Position(e.Pos).Filename == name {
			errs = append(errs, e.Msg)
		}
	}}
	_, _ = config.Check("token", fset, files, nil)
	return errs
}

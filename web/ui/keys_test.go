package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is a catalogue key written out somewhere in the code. A prefix is what stands before a
// value that the key is completed with.
type use struct {
	where  string
	key    string
	prefix bool
	names  []string // of the arguments, where the call shows them
	shown  bool
}

// TestEveryKeyInTheCodeHasItsWords reads all Go code of the project, the generated views
// included, for keys given to T and for keys of faults, and for the arguments of their messages.
func TestEveryKeyInTheCodeHasItsWords(t *testing.T) {
	uses := keysInCode(t, "../..")
	if len(uses) < 50 {
		t.Fatalf("only %d keys found; the search is broken", len(uses))
	}
	messages := map[string][]string{}
	for _, room := range rooms(t) {
		maps.Copy(messages, words(t, "catalogue/"+room+".vi.json"))
	}
	for _, u := range uses {
		for _, name := range messages[u.key] {
			if u.shown && !slices.Contains(u.names, name) {
				t.Errorf("%s: %q needs the argument %q", u.where, u.key, name)
			}
		}
		switch {
		case u.prefix && !anyUnder(u.key):
			t.Errorf("%s: no key begins with %q", u.where, u.key)
		case !u.prefix && !Has(u.key):
			t.Errorf("%s: %q has no words in both languages", u.where, u.key)
		}
	}
}

func anyUnder(prefix string) bool {
	c := catalogues[Vietnamese]
	for key := range c.fixed {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	for key := range c.varying {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func keysInCode(t *testing.T, root string) []use {
	t.Helper()
	var uses []use
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			e := keyExpression(n)
			if lit, ok := n.(*ast.BasicLit); ok && sharedKey.MatchString(lit.Value) {
				e = lit
			}
			if key, prefix, ok := literal(e); ok {
				names, shown := argumentNames(n)
				uses = append(uses, use{files.Position(e.Pos()).String(), key, prefix, names, shown})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return uses
}

// sharedKey finds keys of the rooms that all code shares, wherever they are written out: helpers
// pass them on, so that the call that takes them does not tell.
var sharedKey = regexp.MustCompile(`^"(errors|nav)\.[a-z_.]*[a-z_]"$`)

// keyPosition tells which argument of a function is a catalogue key.
var keyPosition = map[string]int{
	"T": 1, "ui.T": 1,
	"fault.New": 1, "fault.NewNotFound": 0, "fault.NewInvalid": 0, "fault.NewConflict": 0, "fault.NewForbidden": 0, "fault.Wrap": 2,
}

// keyExpression gives the expression of a catalogue key within a node: an argument of a call, or
// the field Key of a fault.Field or fault.Error.
func keyExpression(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		if i, ok := keyPosition[nameOf(n.Fun)]; ok && i < len(n.Args) {
			return n.Args[i]
		}
	case *ast.CompositeLit:
		if name := nameOf(n.Type); name != "fault.Field" && name != "fault.Error" {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == "Key" {
				return kv.Value
			}
		}
	}
	return nil
}

// argumentNames gives the names among the alternating names and values after a key; false where
// the call passes them on in one.
func argumentNames(n ast.Node) (names []string, shown bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || call.Ellipsis.IsValid() {
		return nil, false
	}
	for i := keyPosition[nameOf(call.Fun)] + 1; i < len(call.Args); i += 2 {
		if name, _, ok := literal(call.Args[i]); ok {
			names = append(names, name)
		}
	}
	return names, true
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	}
	return ""
}

// literal reads "key" and "prefix." + value.
func literal(e ast.Expr) (key string, prefix, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		key, err := strconv.Unquote(e.Value)
		return key, false, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		key, _, ok := literal(e.X)
		return key, true, ok
	}
	return "", false, false
}

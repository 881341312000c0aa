package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
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
}

// TestEveryKeyInTheCodeHasItsWords reads all Go code of the project, the generated views
// included, for keys given to T and for keys of faults.
func TestEveryKeyInTheCodeHasItsWords(t *testing.T) {
	uses := keysInCode(t, "../..")
	if len(uses) < 50 {
		t.Fatalf("only %d keys found; the search is broken", len(uses))
	}
	for _, u := range uses {
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
			if e := keyExpression(n); e != nil {
				if key, prefix, ok := literal(e); ok {
					uses = append(uses, use{files.Position(e.Pos()).String(), key, prefix})
				}
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

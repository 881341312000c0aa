package ui

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ketnap/internal/party"
	"ketnap/web"
)

var placeholders = regexp.MustCompile(`\{\{\s*\.(\w+)`)

// words reads a catalogue file as JSON: each key with the placeholders of its message. Plural
// forms of one message count together.
func words(t *testing.T, name string) map[string][]string {
	t.Helper()
	b, err := fs.ReadFile(web.Catalogues, name)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	found := map[string][]string{}
	var walk func(path []string, node any)
	walk = func(path []string, node any) {
		switch node := node.(type) {
		case map[string]any:
			for key, child := range node {
				if plural[key] {
					walk(path, child)
				} else {
					walk(append(slices.Clone(path), key), child)
				}
			}
		case string:
			key := strings.Join(path, ".")
			list := found[key]
			for _, m := range placeholders.FindAllStringSubmatch(node, -1) {
				if !slices.Contains(list, m[1]) {
					list = append(list, m[1])
				}
			}
			slices.Sort(list)
			found[key] = list
			if strings.TrimSpace(node) == "" {
				t.Errorf("%s: %s is empty", name, key)
			}
		default:
			t.Errorf("%s: %s is neither text nor group", name, strings.Join(path, "."))
		}
	}
	walk(nil, tree)
	return found
}

var plural = map[string]bool{"zero": true, "one": true, "two": true, "few": true, "many": true, "other": true}

func rooms(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(web.Catalogues, "catalogue/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	var rooms []string
	for _, f := range files {
		room, _, _ := strings.Cut(strings.TrimPrefix(f, "catalogue/"), ".")
		if !slices.Contains(rooms, room) {
			rooms = append(rooms, room)
		}
	}
	return rooms
}

func TestBothLanguagesHaveTheSameKeysWithTheSamePlaceholders(t *testing.T) {
	for _, room := range rooms(t) {
		vi := words(t, "catalogue/"+room+".vi.json")
		en := words(t, "catalogue/"+room+".en.json")
		for _, key := range slices.Sorted(maps.Keys(vi)) {
			if _, ok := en[key]; !ok {
				t.Errorf("%s is missing in English", key)
			} else if !slices.Equal(vi[key], en[key]) {
				t.Errorf("%s has placeholders %v in Vietnamese and %v in English", key, vi[key], en[key])
			}
		}
		for _, key := range slices.Sorted(maps.Keys(en)) {
			if _, ok := vi[key]; !ok {
				t.Errorf("%s is missing in Vietnamese", key)
			}
		}
	}
}

// A key named like one of go-i18n's own fields ("description", "other", …) would be swallowed.
func TestEveryKeyOfAFileIsLoadedUnderItsRoom(t *testing.T) {
	for _, room := range rooms(t) {
		for _, lang := range Langs {
			for key := range words(t, "catalogue/"+room+"."+string(lang)+".json") {
				if !strings.HasPrefix(key, room+".") {
					t.Errorf("%s.%s.json: %s is not under %q", room, lang, key, room)
				}
				if !catalogues[lang].has(key) {
					t.Errorf("%s.%s.json: %s is not loaded; its name is reserved", room, lang, key)
				}
			}
		}
	}
}

func TestAMissingKeyShowsItselfAndNoOtherLanguageStandsIn(t *testing.T) {
	files := fstest.MapFS{
		"catalogue/x.vi.json": {Data: []byte(`{"x": {"only": "chỉ tiếng Việt"}}`)},
		"catalogue/x.en.json": {Data: []byte(`{"x": {"shared": "shared"}}`)},
	}
	before := catalogues
	t.Cleanup(func() { catalogues = before })
	catalogues = mustLoadCatalogues(files)
	if got := T(WithLang(context.Background(), "en"), "x.only"); got != "⟦x.only⟧" {
		t.Errorf("got %q", got)
	}
	if got := T(context.Background(), "x.only"); got != "chỉ tiếng Việt" {
		t.Errorf("got %q", got)
	}
}

func TestArgumentsAreWrittenTheWayTheLanguageWritesThem(t *testing.T) {
	files := fstest.MapFS{
		"catalogue/x.vi.json": {Data: []byte(`{"x": {"n": {"other": "{{.Count}} người đến ngày {{.Date}}"}}}`)},
		"catalogue/x.en.json": {Data: []byte(`{"x": {"n": {"one": "{{.Count}} person until {{.Date}}", "other": "{{.Count}} people until {{.Date}}"}}}`)},
	}
	before := catalogues
	t.Cleanup(func() { catalogues = before })
	catalogues = mustLoadCatalogues(files)
	day := party.MustDate("2024-09-01")
	for _, c := range []struct {
		lang  Lang
		count int
		want  string
	}{
		{Vietnamese, 1, "1 người đến ngày 01/09/2024"},
		{Vietnamese, 1234, "1.234 người đến ngày 01/09/2024"},
		{English, 1, "1 person until 01/09/2024"},
		{English, 1234, "1,234 people until 01/09/2024"},
	} {
		if got := T(WithLang(context.Background(), c.lang), "x.n", "Count", c.count, "Date", day); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.lang, c.count, got, c.want)
		}
	}
}

func TestNumbersAndSharesAreWrittenTheWayTheLanguageWritesThem(t *testing.T) {
	vi, en := context.Background(), WithLang(context.Background(), "en")
	for _, c := range []struct{ got, want string }{
		{Number(vi, 0), "0"}, {Number(vi, 999), "999"}, {Number(vi, 1234), "1.234"}, {Number(en, 5500000), "5,500,000"},
		{Number(vi, -1234), "−1.234"},
		{Percent(vi, 231, 986), "23,4\u00a0%"}, {Percent(en, 231, 986), "23.4%"}, {Percent(vi, 1, 0), "–"},
		{Percent(vi, 2, 3), "66,7\u00a0%"}, {Percent(vi, 1, 1), "100,0\u00a0%"},
		{Date(en, party.MustDate("2024-09-01")), "01/09/2024"}, {Date(vi, party.Date{}), "–"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"ketnap/internal/party"
	"ketnap/web"
)

// Lang is a language of the screens.
type Lang string

// The two languages. Vietnamese is the first; neither stands in for the other.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// Langs lists the languages in the order of the language switch.
var Langs = []Lang{Vietnamese, English}

// ParseLang reads a language code; anything unknown is Vietnamese.
func ParseLang(code string) Lang {
	if Lang(code) == English {
		return English
	}
	return Vietnamese
}

type langKey struct{}

// WithLang gives a context whose words are in lang ("vi" or "en").
func WithLang[S ~string](ctx context.Context, lang S) context.Context {
	return context.WithValue(ctx, langKey{}, ParseLang(string(lang)))
}

// LangOf tells the language of a context: Vietnamese unless WithLang said otherwise.
func LangOf(ctx context.Context) Lang {
	if l, ok := ctx.Value(langKey{}).(Lang); ok {
		return l
	}
	return Vietnamese
}

// catalogue holds the words of one language. Messages without arguments are looked up in fixed;
// the others go through the localizer, which knows the plural forms. varying tells of each whether
// it has plural forms: asked for one that is not written, the localizer would fail.
type catalogue struct {
	fixed     map[string]string
	varying   map[string]bool
	localizer *i18n.Localizer
}

var catalogues = mustLoadCatalogues(web.Catalogues)

// T gives the words for a key in the language of ctx. args are alternating names and values for
// the placeholders of the message; numbers and dates among the values are written the way the
// language writes them (give a year as a string). The argument "Count" also chooses the plural
// form. A missing key shows as ⟦key⟧; tests find those.
func T(ctx context.Context, key string, args ...any) string {
	lang := LangOf(ctx)
	c := catalogues[lang]
	if text, ok := c.fixed[key]; ok {
		return text
	}
	hasPlural, ok := c.varying[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	data := make(map[string]any, len(args)/2)
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		if name == "Count" && hasPlural {
			config.PluralCount = args[i+1]
		}
		data[name] = written(lang, args[i+1])
	}
	text, err := c.localizer.Localize(config)
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}

// Has tells whether both languages have a key. Rooms that build keys from values prove with it
// that each value has its words.
func Has(key string) bool {
	for _, c := range catalogues {
		if !c.has(key) {
			return false
		}
	}
	return true
}

func (c *catalogue) has(key string) bool {
	_, fixed := c.fixed[key]
	_, varying := c.varying[key]
	return fixed || varying
}

// written formats numbers and dates for a sentence; everything else stays as it is.
func written(lang Lang, v any) any {
	switch v := v.(type) {
	case int:
		return grouped(lang, int64(v))
	case int32:
		return grouped(lang, int64(v))
	case int64:
		return grouped(lang, v)
	case party.StepKind:
		return catalogues[lang].fixed["step."+string(v)]
	case party.Education:
		return catalogues[lang].fixed["education."+string(v)]
	case party.Date:
		return v.Vietnamese()
	}
	return v
}

func mustLoadCatalogues(files fs.FS) map[Lang]*catalogue {
	all := map[Lang]*catalogue{}
	for _, lang := range Langs {
		c, err := loadCatalogue(files, lang)
		if err != nil {
			panic("ui: catalogue " + err.Error())
		}
		all[lang] = c
	}
	return all
}

func loadCatalogue(files fs.FS, lang Lang) (*catalogue, error) {
	tag := language.MustParse(string(lang))
	bundle := i18n.NewBundle(tag)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	c := &catalogue{fixed: map[string]string{}, varying: map[string]bool{}, localizer: i18n.NewLocalizer(bundle, string(lang))}
	names, err := fs.Glob(files, "catalogue/*."+string(lang)+".json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		file, err := bundle.LoadMessageFileFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, m := range file.Messages {
			plural := m.Zero+m.One+m.Two+m.Few+m.Many != ""
			if plural || strings.Contains(m.Other, "{{") {
				c.varying[m.ID] = plural
			} else {
				c.fixed[m.ID] = m.Other
			}
		}
	}
	return c, nil
}

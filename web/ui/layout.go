package ui

import (
	"context"

	"github.com/a-h/templ"
)

// htmxConfig keeps htmx within the content security policy: no style element, no eval, no other
// host, and no page content kept in the browser's storage.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"allowScriptTags":false,"historyCacheSize":0,"refreshOnHistoryMiss":true}`

func windowTitle(ctx context.Context, page Page) string {
	title := T(ctx, "ui.product")
	if page.Title != "" {
		title = page.Title + " – " + title
	}
	if page.HasErrors {
		title = T(ctx, "ui.error_prefix") + " " + title
	}
	return title
}

func otherLang(ctx context.Context) Lang {
	if LangOf(ctx) == English {
		return Vietnamese
	}
	return English
}

// otherLangName is the name of the other language in that language.
func otherLangName(ctx context.Context) string {
	if otherLang(ctx) == English {
		return "English"
	}
	return "Tiếng Việt"
}

// nextTheme goes round: device, dark, light.
func nextTheme(t Theme) Theme {
	switch t {
	case ThemeDark:
		return ThemeLight
	case ThemeLight:
		return ThemeAuto
	}
	return ThemeDark
}

func themeWords(ctx context.Context, t Theme) string {
	switch t {
	case ThemeDark:
		return T(ctx, "ui.theme.dark")
	case ThemeLight:
		return T(ctx, "ui.theme.light")
	}
	return T(ctx, "ui.theme.auto")
}

// current marks the page one is on among links.
func current(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

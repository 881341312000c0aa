package errors_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"ketnap/web/errors"
	"ketnap/web/ui"
)

func render(t *testing.T, lang ui.Lang, v errors.View) string {
	t.Helper()
	var b strings.Builder
	if err := errors.Page(ui.Page{Path: "/"}, v).Render(ui.WithLang(context.Background(), lang), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryStatusHasItsWordsInBothLanguages(t *testing.T) {
	for _, lang := range ui.Langs {
		titles := map[string]int{}
		for _, status := range []int{400, 403, 404, 409, 413, 422, 429, 500, 503} {
			html := render(t, lang, errors.View{Status: status, RequestID: "r-1"})
			if strings.Contains(html, "⟦") || !strings.Contains(html, "r-1") {
				t.Errorf("%s %d misses words or the request's number", lang, status)
			}
			title := errors.Title(ui.WithLang(context.Background(), lang), status)
			if other, ok := titles[title]; ok {
				t.Errorf("%s: %d and %d have one title", lang, status, other)
			}
			titles[title] = status
		}
	}
}

func TestAStatusWithoutWordsSaysWhoseFaultItIs(t *testing.T) {
	ctx := context.Background()
	if got, want := errors.Title(ctx, http.StatusMethodNotAllowed), errors.Title(ctx, 400); got != want {
		t.Errorf("405 says %q", got)
	}
	if got, want := errors.Title(ctx, http.StatusGatewayTimeout), errors.Title(ctx, 500); got != want {
		t.Errorf("504 says %q", got)
	}
}

func TestTheWordsOfTheUseCaseComeBeforeTheGeneralOnes(t *testing.T) {
	html := render(t, ui.Vietnamese, errors.View{Status: 409, Text: "Số quyết định <12> đã dùng"})
	if !strings.Contains(html, "Số quyết định &lt;12&gt; đã dùng") {
		t.Errorf("the precise words are missing or unescaped")
	}
}

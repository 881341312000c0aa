package httpd_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// readers are those who between them may open every page.
var readers = []string{"vanphong", "bithu.ltt", "lanhdao", "quantri"}

// opened remembers which routes somebody has seen as a page, and which are no page at all.
type opened struct {
	sync.Mutex
	pages, others map[string]bool
	examined      map[string]bool // which sights of an address axe has looked at
}

// first tells whether nobody has asked before for this sight of an address.
func (o *opened) first(sight string) bool {
	o.Lock()
	defer o.Unlock()
	was := o.examined[sight]
	o.examined[sight] = true
	return !was
}

func (o *opened) note(pattern string, page bool) {
	o.Lock()
	defer o.Unlock()
	if page {
		o.pages[pattern] = true
	} else {
		o.others[pattern] = true
	}
}

// Every page that there is owes its readers the same, in both languages, on a screen and on a
// phone: words, title and language, nothing that axe finds, no sideways scrolling, targets that a
// finger hits. A new route is among them as soon as it is declared.
func TestEveryPageIsAGoodPage(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	seen := &opened{pages: map[string]bool{}, others: map[string]bool{}, examined: map[string]bool{}}
	t.Run("readers", func(t *testing.T) {
		for _, username := range readers {
			t.Run(username, func(t *testing.T) {
				t.Parallel()
				w.readAll(t, username, seen)
			})
		}
	})
	for _, route := range w.routes {
		if route.Method == http.MethodGet && !seen.pages[route.Pattern] && !seen.others[route.Pattern] {
			t.Errorf("GET %s: none of the readers could open %s", route.Pattern, w.address(route.Pattern))
		}
	}
}

// readAll opens every page that somebody may open, first in Vietnamese, then in English.
func (w *walk) readAll(t *testing.T, username string, seen *opened) {
	tab := browsertest.New(t)
	tab.Open(w.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	paths := w.pagesFor(t, username, seen)
	for _, lang := range []string{"vi", "en"} {
		if lang == "en" {
			tab.SetViewport(1280, 900)
			tab.Press("English")
		}
		for _, path := range paths {
			tab.SetViewport(1280, 900)
			tab.Open(w.URL + path)
			tab.Presents(lang)
			examine(tab, lang == "vi" || seen.first(path+" "+lang))
			tab.SetViewport(375, 800)
			examine(tab, seen.first(path+" "+lang+" on a phone"))
		}
	}
}

// examine looks at a page. Axe takes the most time: it looks at each page as each of the readers sees
// it, and at the phone and the other language with the first of them only.
func examine(tab *browsertest.Tab, axe bool) {
	if axe {
		tab.GoodPage()
		return
	}
	tab.AllWords()
	tab.NoSidewaysScroll()
	tab.BigTargets()
}

// pagesFor gives the addresses that answer somebody with a page.
func (w *walk) pagesFor(t *testing.T, username string, seen *opened) (paths []string) {
	browser := w.SignIn(t, username)
	for _, route := range w.routes {
		if route.Method != http.MethodGet || route.Action != access.Public && route.Action != access.SignedIn && !w.Viewer(username).May(route.Action) {
			continue
		}
		a := browser.Look(w.address(route.Pattern))
		page := a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
		if a.Status < http.StatusBadRequest {
			seen.note(route.Pattern, page)
		}
		if page {
			paths = append(paths, w.address(route.Pattern))
		}
	}
	return paths
}

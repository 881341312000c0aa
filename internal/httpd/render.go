package httpd

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"ketnap/web/ui"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render sends a view. It is built in full before the first byte goes out, so that a failure still
// gets its own page. Pages are never stored by a cache on the way.
func render(w http.ResponseWriter, r *http.Request, status int, view templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := view.Render(r.Context(), b); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client has gone; nothing is left to do
	return nil
}

// redirect sends the browser on after a change (303: with GET).
func redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// pageOf builds the frame of a page: viewer, navigation by rights, language, theme, the message of
// what was just done, and the window's title from its key.
func (s *site) pageOf(r *http.Request, titleKey string, args ...any) ui.Page {
	page := s.frameOf(r)
	page.Title = ui.T(r.Context(), titleKey, args...)
	page.Flash = s.takeFlash(r)
	return page
}

// frameOf is pageOf without title and message; error pages use it.
func (s *site) frameOf(r *http.Request) ui.Page {
	v := visitOf(r)
	page := ui.Page{Theme: v.theme, Path: r.URL.RequestURI(), Demo: s.Demo, RequestID: v.id, Today: s.Today()}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		page.Path = backFrom(r)
	}
	if v.account != nil {
		page.Viewer = &ui.Viewer{Name: v.account.Viewer.Name, Organisation: v.account.OrgName}
		page.Nav = s.navOf(r)
	}
	return page
}

// backFrom is where a switch of language leads from a page that answered a form: the page with
// the form on it, which the browser names, or the first page.
func backFrom(r *http.Request) string {
	if path := localReferer(r); path != "" {
		return path
	}
	return "/"
}

const (
	flashTone = "flash.tone"
	flashText = "flash.text"
)

// flash leaves a message, in the reader's language now, for the next page.
func (s *site) flash(w http.ResponseWriter, r *http.Request, tone ui.Tone, key string, args ...any) error {
	return s.flashText(w, r, tone, ui.T(r.Context(), key, args...))
}

// flashText is flash for words put together by the caller.
func (s *site) flashText(w http.ResponseWriter, r *http.Request, tone ui.Tone, text string) error {
	session := visitOf(r).session
	session.Values[flashTone] = string(tone)
	session.Values[flashText] = text
	return session.Save(r, w)
}

// takeFlash gives the message left by the page before, once.
func (s *site) takeFlash(r *http.Request) *ui.Flash {
	session := visitOf(r).session
	if session == nil {
		return nil
	}
	text, ok := session.Values[flashText].(string)
	if !ok {
		return nil
	}
	tone, _ := session.Values[flashTone].(string)
	delete(session.Values, flashText)
	delete(session.Values, flashTone)
	if err := session.Save(r, nil); err != nil {
		s.Log.Warn("message stays for the next page", "id", visitOf(r).id, "err", err)
	}
	return &ui.Flash{Tone: ui.Tone(tone), Text: text}
}

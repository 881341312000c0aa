package httpd

import (
	"net/http"
	"slices"
	"strings"

	"ketnap/web/account"
	"ketnap/web/ui"
)

// A form that is sent after the session ended is not lost: the sign-in page carries its address
// and fields as hidden inputs, and after signing in a page offers to send it on. Nothing of it is
// stored here; who sends it on passes the rights of its address like anybody.
const (
	keptPath   = "_kept_path"
	keptPrefix = "kept:"
)

// keepForm gives the hidden inputs for a form that cannot be answered now.
func keepForm(r *http.Request) []ui.Hidden {
	if r.PostForm == nil {
		return nil // an upload: a file cannot be carried
	}
	if r.URL.Path == pathChangePassword { // nothing but passwords, which no page may carry
		return []ui.Hidden{{Name: "next", Value: pathChangePassword}}
	}
	kept := []ui.Hidden{{Name: keptPath, Value: r.URL.RequestURI()}}
	return append(kept, fieldsOf(r, func(name string) (string, bool) {
		return keptPrefix + name, !strings.Contains(name, "password")
	})...)
}

// keptForm gives the hidden inputs that a form carries along from one that was kept, unchanged.
func keptForm(r *http.Request) []ui.Hidden {
	path := localPath(r.PostForm.Get(keptPath))
	if path == "" {
		return nil
	}
	kept := []ui.Hidden{{Name: keptPath, Value: path}}
	return append(kept, fieldsOf(r, func(name string) (string, bool) {
		return name, strings.HasPrefix(name, keptPrefix)
	})...)
}

// showKept offers to send a kept form on; false when none was kept.
func (s *site) showKept(w http.ResponseWriter, r *http.Request) (bool, error) {
	path := localPath(r.PostForm.Get(keptPath))
	if path == "" {
		return false, nil
	}
	fields := fieldsOf(r, func(name string) (string, bool) { return strings.CutPrefix(name, keptPrefix) })
	page := s.frameOf(r)
	page.Title = ui.T(r.Context(), "account.kept.title")
	view := account.KeptView{Form: ui.FormView{Action: path, Hidden: fields}, Cancel: landing(viewerOf(r))}
	return true, render(w, r, http.StatusOK, account.Kept(page, view))
}

// fieldsOf gives the typed fields that rename accepts, in a stable order.
func fieldsOf(r *http.Request, rename func(string) (string, bool)) []ui.Hidden {
	var fields []ui.Hidden
	for name, values := range r.PostForm {
		renamed, ok := rename(name)
		if !ok {
			continue
		}
		for _, value := range values {
			fields = append(fields, ui.Hidden{Name: renamed, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

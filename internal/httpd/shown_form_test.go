package httpd_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"testing"
)

var (
	postForm  = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*>.*?</form>`)
	formField = regexp.MustCompile(`<(input|select|textarea)\b[^>]*>`)
	attribute = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// shownForm is a form as a browser would send it: where to, what it carries unseen, what one fills in.
type shownForm struct {
	action string
	hidden url.Values
	fields []string
}

func attributesOf(tag string) map[string]string {
	found := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
		found[m[1]] = html.UnescapeString(m[2])
	}
	return found
}

// formsOf gives the forms of a page that change something.
func formsOf(body string) []shownForm {
	var forms []shownForm
	for _, text := range postForm.FindAllString(body, -1) {
		f := shownForm{action: attributesOf(text[:slices.Index([]byte(text), '>')])["action"], hidden: url.Values{}}
		for _, tag := range formField.FindAllString(text, -1) {
			a := attributesOf(tag)
			switch {
			case a["name"] == "":
			case a["type"] == "hidden":
				f.hidden.Add(a["name"], a["value"])
			case !slices.Contains(f.fields, a["name"]):
				f.fields = append(f.fields, a["name"])
			}
		}
		forms = append(forms, f)
	}
	return forms
}

// formTo gives the form of a page that is sent to an address.
func formTo(t *testing.T, body, action string) shownForm {
	t.Helper()
	for _, f := range formsOf(body) {
		if f.action == action {
			return f
		}
	}
	t.Fatalf("the page has no form to %s", action)
	return shownForm{}
}

// filled is the form with some fields filled in.
func (f shownForm) filled(pairs ...string) url.Values {
	out := url.Values{}
	for name, values := range f.hidden {
		out[name] = slices.Clone(values)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

package httpd

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"ketnap/internal/fault"
	"ketnap/internal/party"
)

// maxBody bounds what a form may send, in bytes. Routes that take files set their own.
const maxBody = 1 << 20

// refuseBadText refuses addresses whose path or query is not text.
func (s *site) refuseBadText(next http.Handler) http.Handler {
	return s.serve(func(w http.ResponseWriter, r *http.Request) error {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil || !isText(r.URL.Path) || !areTexts(query) {
			return errBadText
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// readForm reads the body of a POST within its limit and refuses one that is not text. Uploads
// (multipart) are only bounded here; their handlers read them.
func readForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	if r.Method != http.MethodPost {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		return nil
	}
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return fault.Wrap(fault.TooLarge, err, "errors.too_large", "Max", int(limit>>10))
		}
		return errBadForm
	}
	if !areTexts(r.PostForm) {
		return errBadText
	}
	return nil
}

// isText tells whether s is UTF-8 without NUL.
func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func areTexts(values url.Values) bool {
	for name, list := range values {
		if !isText(name) || slices.ContainsFunc(list, func(s string) bool { return !isText(s) }) {
			return false
		}
	}
	return true
}

// cleaned makes a header into text that can be stored.
func cleaned(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?") }

// form decodes the fields of a POST and gathers why some are refused. Texts are trimmed; what was
// typed stays in r.PostForm for the page that shows the form again.
type form struct {
	values  url.Values
	refused []fault.Field
}

// formOf begins to decode the request's form.
func formOf(r *http.Request) *form { return &form{values: r.PostForm} }

// typed gives a field as it was typed, for the view.
func (f *form) typed(name string) string { return f.values.Get(name) }

// refuse adds a refusal of a field.
func (f *form) refuse(name, key string, args ...any) {
	f.refused = append(f.refused, fault.Field{Name: name, Key: key, Args: args})
}

// err gives all refusals so far as one fault, or nil.
func (f *form) err() error {
	if len(f.refused) == 0 {
		return nil
	}
	return fault.InvalidFields(f.refused...)
}

// text gives a text of at most limit characters; it may be empty.
func (f *form) text(name string, limit int) string {
	s := strings.TrimSpace(f.values.Get(name))
	if utf8.RuneCountInString(s) > limit {
		f.refuse(name, "errors.too_long", "Max", limit)
		return ""
	}
	return s
}

// required gives a text that may not be empty.
func (f *form) required(name string, limit int) string {
	before := len(f.refused)
	s := f.text(name, limit)
	if s == "" && len(f.refused) == before {
		f.refuse(name, "errors.required")
	}
	return s
}

// date gives a day; an empty field gives the zero Date.
func (f *form) date(name string) party.Date {
	d, err := party.ParseDate(f.values.Get(name))
	if err != nil {
		f.refuse(name, "errors.date")
	}
	return d
}

// requiredDate gives a day that may not be left out.
func (f *form) requiredDate(name string) party.Date {
	before := len(f.refused)
	d := f.date(name)
	if d.IsZero() && len(f.refused) == before {
		f.refuse(name, "errors.date_required")
	}
	return d
}

// number gives a whole number between least and most; an empty field gives 0 and false.
func (f *form) number(name string, least, most int) (int, bool) {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		f.refuse(name, "errors.number", "Min", least, "Max", most)
		return 0, false
	}
	return n, true
}

// choice gives one of the allowed values; anything else is refused.
func (f *form) choice(name string, allowed ...string) string {
	s := f.values.Get(name)
	if !slices.Contains(allowed, s) {
		f.refuse(name, "errors.choice")
		return ""
	}
	return s
}

// id gives an identifier from a choice of records, 0 when nothing was chosen.
func (f *form) id(name string) int64 {
	s := f.values.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		f.refuse(name, "errors.choice")
		return 0
	}
	return n
}

// organisation gives an organisation's id from a choice, 0 when none was chosen.
func (f *form) organisation(name string) int32 {
	n := f.id(name)
	if n > 1<<31-1 {
		f.refuse(name, "errors.choice")
		return 0
	}
	return int32(n)
}

// checked tells whether a checkbox was ticked.
func (f *form) checked(name string) bool { return f.values.Get(name) != "" }

// key gives the idempotency key of the form.
func (f *form) key() string { return f.values.Get("_key") }

// version gives the version of the record that the form was filled from.
func (f *form) version() int {
	n, err := strconv.ParseInt(f.values.Get("_version"), 10, 32) // no record has seen more changes
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// newKey makes the idempotency key of a form that is about to be shown.
func newKey() string { return uuid.NewString() }

// idsTyped gives the numbers of the rows that a form had, in order: what its names with a prefix end
// with. A name that ends with something else is refused.
func idsTyped(f *form, prefix string) (ids []int64) {
	for name := range f.values {
		text, found := strings.CutPrefix(name, prefix)
		if !found {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			f.refuse("", "errors.choice")
			continue
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

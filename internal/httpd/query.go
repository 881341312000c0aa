package httpd

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"ketnap/internal/party"
	"ketnap/web/ui"
)

// maxQueryText bounds a text in the address, in bytes.
const maxQueryText = 200

// queryOnly gives the words that tell the reader which parameters of the address are not known and
// were left out of account; "" when all are.
func queryOnly(r *http.Request, names ...string) string {
	var unknown []string
	for name := range r.URL.Query() {
		if !slices.Contains(names, name) {
			unknown = append(unknown, shortened(name, 40))
		}
	}
	if len(unknown) == 0 {
		return ""
	}
	slices.Sort(unknown)
	return ui.T(r.Context(), "errors.unknown_query", "Names", strings.Join(unknown[:min(len(unknown), 5)], ", "))
}

func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// queryText gives a text of the address, trimmed and cut to what any filter can match.
func queryText(r *http.Request, name string) string {
	return shortened(strings.TrimSpace(r.URL.Query().Get(name)), maxQueryText)
}

// queryDate gives a day of the address, zero when it is absent or none.
func queryDate(r *http.Request, name string) party.Date {
	d, err := party.ParseDate(r.URL.Query().Get(name))
	if err != nil {
		return party.Date{}
	}
	return d
}

// queryID gives an identifier of the address, 0 when it is absent or none.
func queryID(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// pathID gives the identifier in the path; one that is none is not found.
func pathID(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, name), 10, 64)
	if err != nil || n < 1 {
		return 0, errNotFound
	}
	return n, nil
}

// pathOrganisation gives the organisation's identifier in the path.
func pathOrganisation(r *http.Request, name string) (int32, error) {
	n, err := pathID(r, name)
	if err != nil || n > 1<<31-1 {
		return 0, errNotFound
	}
	return int32(n), nil
}

// address writes a path with its query, leaving out empty values.
func address(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// localPath gives next when it is an address of this site, else "". Whatever else a link may say,
// a browser is never sent elsewhere.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") || !isText(u.Path) {
		return ""
	}
	return next
}

// localReferer gives the path of the page that the browser comes from, when it is one of ours.
func localReferer(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return ""
	}
	return localPath(u.RequestURI())
}

// withQuery adds one more parameter to an address.
func withQuery(path, name, value string) string {
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}

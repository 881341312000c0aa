package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"ketnap/web"
)

func get(t *testing.T, url string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	web.Static().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnAssetMayBeKeptForEverAndComesCompressed(t *testing.T) {
	url := web.Asset("ketnap.css")
	plain := get(t, url)
	if got := plain.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := plain.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("Content-Type is %q", got)
	}
	packed := get(t, url, "Accept-Encoding", "gzip, br")
	if got := packed.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding is %q", got)
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body(t, z), body(t, plain.Body)) {
		t.Error("the compressed body differs from the plain one")
	}
}

func TestAnUnchangedAssetIsNotSentAgain(t *testing.T) {
	url := web.Asset("htmx.min.js")
	again := get(t, url, "If-None-Match", get(t, url).Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || len(body(t, again.Body)) != 0 {
		t.Errorf("status %d", again.StatusCode)
	}
}

func TestAnotherHashOrNameIsNotFound(t *testing.T) {
	for _, url := range []string{"/static/0000000000000000/ketnap.css", "/static/ketnap.css", "/static/x/../embed.go", "/static/"} {
		if got := get(t, url).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s gives %d", url, got)
		}
	}
}

func TestTheStyleSheetNamesOnlyOurOwnAssets(t *testing.T) {
	css := string(body(t, get(t, web.Asset("ketnap.css")).Body))
	for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1) {
		url := strings.Trim(m[1], `"`)
		if got := get(t, url).StatusCode; got != http.StatusOK {
			t.Errorf("%s gives %d", url, got)
		}
	}
}

package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// StaticPrefix is the path under which Static serves; the router mounts it there.
const StaticPrefix = "/static/"

// stylesheets are joined in this order into ketnap.css: later files may rely on earlier ones.
var stylesheets = []string{"tokens.css", "base.css", "layout.css", "forms.css", "marks.css", "tables.css", "lists.css",
	"tree.css", "person.css", "figures.css", "rows.css", "papers.css", "print.css"}

// asset is one file as it is sent: its bytes, the same compressed when that is shorter, and its
// address, which changes with the content.
type asset struct {
	url   string
	mime  string
	etag  string
	plain []byte
	gzip  []byte
}

var assets = loadAssets()

// Asset gives the address of a static file by its bare name, e.g. "ketnap.css". The address holds
// a hash of the content, so that browsers may keep the file for ever. It panics on an unknown name,
// which is a mistake in a view.
func Asset(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("web: no asset " + name)
	}
	return a.url
}

// Static serves the assets under StaticPrefix.
func Static() http.Handler { return http.HandlerFunc(serveAsset) }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := assets[path.Base(r.URL.Path)]
	if !ok || a.url != r.URL.Path {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the client has gone; nothing is left to do
}

// loadAssets reads the embedded files. Fonts come first because the style sheet names them by
// their final addresses.
func loadAssets() map[string]asset {
	all := map[string]asset{}
	for _, folder := range []string{"fonts", "img", "js"} {
		entries, err := static.ReadDir("static/" + folder)
		if err != nil {
			panic(err)
		}
		for _, e := range entries {
			all[e.Name()] = newAsset(e.Name(), mustRead("static/"+folder+"/"+e.Name()))
		}
	}
	var css bytes.Buffer
	for _, name := range stylesheets {
		css.Write(mustRead("static/css/" + name))
	}
	all["ketnap.css"] = newAsset("ketnap.css", withAddresses(css.Bytes(), all))
	return all
}

var cssURL = regexp.MustCompile(`url\("([^":]+)"\)`)

// withAddresses replaces the bare asset names in url("…") of a style sheet.
func withAddresses(css []byte, known map[string]asset) []byte {
	return cssURL.ReplaceAllFunc(css, func(m []byte) []byte {
		name := string(cssURL.FindSubmatch(m)[1])
		a, ok := known[name]
		if !ok {
			panic("web: style sheet names an unknown asset " + name)
		}
		return []byte(`url("` + a.url + `")`)
	})
}

func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	a := asset{
		url:   StaticPrefix + hash + "/" + name,
		mime:  mimeOf(name),
		etag:  `W/"` + hash + `"`, // weak: the same for the plain and the compressed body
		plain: body,
	}
	if path.Ext(name) != ".woff2" { // woff2 is compressed already
		a.gzip = compressed(body)
	}
	return a
}

func mimeOf(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	if _, err := z.Write(body); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func mustRead(name string) []byte {
	b, err := static.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}

// Package web carries what the browser gets besides pages: styles, the typeface, htmx, icons, and
// the message catalogues, all embedded in the binary. The views are in the packages below it, one
// per room; components shared by all rooms are in web/ui. No handler and no rule lives here.
package web

import "embed"

//go:generate make -C .. --no-print-directory generate

//go:embed static/css/*.css static/fonts/*.woff2 static/js/*.js static/img/*.svg
var static embed.FS

// Catalogues holds the message files, catalogue/<room>.<language>.json.
//
//go:embed catalogue/*.json
var Catalogues embed.FS

package browsertest

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axeScript string

// axeRun runs the rules that pages keep: WCAG 2.2 A and AA, and good practice.
const axeRun = `axe.run(document, {resultTypes: ["violations"], selectors: false, elementRef: false, runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa","best-practice"]})
	.then(r => r.violations.map(v => ({Rule: v.id, Help: v.help,
		Nodes: v.nodes.slice(0, 5).map(n => n.html.slice(0, 200) + " :: " + n.any.concat(n.all, n.none).map(c => c.message).join("; "))})))`

// violation is one rule of axe-core that a page breaks.
type violation struct {
	Rule  string
	Help  string
	Nodes []string
}

// Axe fails the test with every accessibility rule that the page breaks.
func (b *Tab) Axe() {
	b.t.Helper()
	if !run(b, "look for axe", chromedp.Evaluate[bool]("window.axe !== undefined")) {
		run(b, "load axe", chromedp.Evaluate[chromedp.Void](axeScript+";undefined"))
	}
	found := run(b, "run axe", chromedp.Evaluate[[]violation](axeRun, chromedp.EvalAwaitPromise))
	for _, v := range found {
		b.t.Errorf("%s breaks %s (%s):\n  %s", b.URL(), v.Rule, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// NoSidewaysScroll fails the test when the page is wider than the window.
func (b *Tab) NoSidewaysScroll() {
	b.t.Helper()
	if wide := b.ask("sideways"); wide != "" {
		b.t.Errorf("%s scrolls sideways: %s", b.URL(), wide)
	}
}

// BigTargets fails the test when a control is smaller than 24 by 24 pixels.
func (b *Tab) BigTargets() {
	b.t.Helper()
	if small := b.ask("small"); small != "" {
		b.t.Errorf("%s has controls under 24 px: %s", b.URL(), small)
	}
}

// AllWords fails the test when a word is missing from the catalogue of the page's language.
func (b *Tab) AllWords() {
	b.t.Helper()
	if text := b.Text(); strings.ContainsAny(text, "⟦⟧") {
		b.t.Errorf("%s misses words: %s", b.URL(), missing(text))
	}
}

// SummaryLeads fails the test when an error summary does not lead to each field, in their order.
func (b *Tab) SummaryLeads() {
	b.t.Helper()
	if wrong := b.ask("summaryLeads"); wrong != "" {
		b.t.Errorf("the error summary of %s: %s", b.URL(), wrong)
	}
}

// Presents fails the test unless the page says its language and has a title of its own in the window.
func (b *Tab) Presents(lang string) {
	b.t.Helper()
	if is := b.ask("lang"); is != lang {
		b.t.Errorf("%s says that its language is %q, not %q", b.URL(), is, lang)
	}
	if title, product, _ := strings.Cut(b.Title(), " – "); title == "" || product == "" || strings.ContainsAny(title, "⟦⟧") {
		b.t.Errorf("the window of %s is titled %q", b.URL(), b.Title())
	}
}

// OneRow fails the test unless all that an element holds stands on one line.
func (b *Tab) OneRow(selector string) {
	b.t.Helper()
	if n := b.ask("rows", selector); n != "1" {
		b.t.Errorf("%s: %s stands on %s lines", b.URL(), selector, n)
	}
}

// GoodPage checks all that every page owes its reader at the window's present size.
func (b *Tab) GoodPage() {
	b.t.Helper()
	b.AllWords()
	b.Axe()
	b.NoSidewaysScroll()
	b.BigTargets()
	b.SummaryLeads()
}

func missing(text string) string {
	var keys []string
	for _, part := range strings.Split(text, "⟦")[1:] {
		key, _, _ := strings.Cut(part, "⟧")
		keys = append(keys, fmt.Sprintf("%q", key))
	}
	return strings.Join(keys, ", ")
}

// CheckFace tells whether a typeface is loaded with all the letters of a sample, and whether its
// figures have one width.
func (b *Tab) CheckFace(family, sample string) error {
	b.t.Helper()
	script := fmt.Sprintf(`document.fonts.load("17px '%s'", %q).then(faces => {
		const width = (s) => { const c = document.createElement("canvas").getContext("2d"); c.font = "100px '%s'"; return c.measureText(s).width };
		if (!faces.length || !faces.every(f => f.status === "loaded")) return "the face did not load";
		const missing = [...%q].filter(c => c.trim() && !faces.some(f => f.unicodeRange.split(",").some(r => {
			const [a, z] = r.trim().replace("U+", "").split("-").map(h => parseInt(h, 16));
			const p = c.codePointAt(0); return p >= a && p <= (z || a) })));
		if (missing.length) return "no face for " + missing.join(" ");
		const widths = new Set([..."0123456789"].map(d => width(d.repeat(10))));
		return widths.size === 1 ? "" : "figures differ in width: " + [...widths].join(" ");
	})`, family, sample, family, sample)
	if problem := run(b, "measure the face", chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise)); problem != "" {
		return fmt.Errorf("%s: %s", family, problem)
	}
	return nil
}

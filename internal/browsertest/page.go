package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed find.js
var finders string

// Open goes to an address and waits until the page is there.
func (b *Tab) Open(url string) {
	b.t.Helper()
	run(b, "open "+url, chromedp.Navigate(url))
}

// Back goes back in the history.
func (b *Tab) Back() {
	b.t.Helper()
	run(b, "go back", chromedp.NavigateBack())
}

// Press clicks the button with these words, wherever it says them, and waits for the page that
// follows.
func (b *Tab) Press(words string) {
	b.t.Helper()
	b.clickAndLoad("button", words)
}

// Follow clicks the link with these words and waits for the page that follows.
func (b *Tab) Follow(words string) {
	b.t.Helper()
	b.clickAndLoad("link", words)
}

// Toggle clicks the summary of a details element with these words; no new page follows.
func (b *Tab) Toggle(words string) {
	b.t.Helper()
	b.click("summary", words)
}

// Click clicks what has the role "button", "link" or "summary" and these words, without waiting
// for a page; for acts that htmx answers.
func (b *Tab) Click(role, words string) {
	b.t.Helper()
	b.click(role, words)
}

// Fill types a text into the field with this label, in place of what was there.
func (b *Tab) Fill(label, text string) {
	b.t.Helper()
	b.ask("focusField", label)
	run(b, "type into "+label, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if text == "" {
			return chromedp.Do(ctx, chromedp.KeyEvent("\b"))
		}
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// Choose picks the option with these words in the select with this label.
func (b *Tab) Choose(label, option string) {
	b.t.Helper()
	b.ask("choose", label, option)
}

// Check ticks the checkbox or radio with this label.
func (b *Tab) Check(label string) {
	b.t.Helper()
	b.ask("check", label, true)
}

// Uncheck takes the tick off the checkbox with this label.
func (b *Tab) Uncheck(label string) {
	b.t.Helper()
	b.ask("check", label, false)
}

// Value gives what is in the field with this label.
func (b *Tab) Value(label string) string {
	b.t.Helper()
	return b.ask("value", label)
}

// Keys presses keys one after the other where the focus is; the constants are in chromedp/kb.
func (b *Tab) Keys(keys string) {
	b.t.Helper()
	run(b, "press keys", chromedp.KeyEvent(keys))
}

// KeysAndLoad presses keys and waits for the page that follows.
func (b *Tab) KeysAndLoad(keys string) {
	b.t.Helper()
	run(b, "press keys", chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(keys)))
}

// Focused describes what has the focus: its tag and its words.
func (b *Tab) Focused() string {
	b.t.Helper()
	return b.ask("focused")
}

// Title gives the window's title.
func (b *Tab) Title() string {
	b.t.Helper()
	return run(b, "read the title", chromedp.Title())
}

// URL gives the address of the page.
func (b *Tab) URL() string {
	b.t.Helper()
	return run(b, "read the address", chromedp.Location())
}

// Text gives the words seen on the page, with runs of white space as one space.
func (b *Tab) Text() string {
	b.t.Helper()
	return b.ask("text")
}

// TextOf gives the words of the first element that a CSS selector finds, once there is one.
func (b *Tab) TextOf(selector string) string {
	b.t.Helper()
	var a answer
	b.until("find "+selector, func() bool {
		a = run(b, "find "+selector, chromedp.Evaluate[answer](call("textOf", selector)))
		return a.Error == ""
	})
	return a.Text
}

// Sees fails the test unless all these words are on the page.
func (b *Tab) Sees(words ...string) {
	b.t.Helper()
	text := b.Text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Errorf("%s does not show %q; it shows:\n%s", b.URL(), w, text)
		}
	}
}

// SeesNot fails the test if any of these words are on the page.
func (b *Tab) SeesNot(words ...string) {
	b.t.Helper()
	text := b.Text()
	for _, w := range words {
		if strings.Contains(text, w) {
			b.t.Errorf("%s shows %q", b.URL(), w)
		}
	}
}

// WaitFor waits until these words are on the page, for what htmx brings.
func (b *Tab) WaitFor(words string) {
	b.t.Helper()
	b.until("wait for "+words, func() bool { return strings.Contains(b.Text(), words) })
}

// until asks again and again, within patience. It asks from outside, so that it works without
// scripts too.
func (b *Tab) until(what string, there func() bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("%s: not within %s on %s, which shows:\n%s", what, patience, b.URL(), b.Text())
		}
	}
}

// SetViewport sets the size of the window in CSS pixels; below 600 it behaves like a phone.
func (b *Tab) SetViewport(width, height int64) {
	b.t.Helper()
	var options []chromedp.EmulateViewportOption
	if width < 600 {
		options = append(options, chromedp.EmulateMobile)
	}
	run(b, "size the window", chromedp.EmulateViewport(width, height, options...))
}

// PreferDark sets whether the device asks for a dark page.
func (b *Tab) PreferDark(dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Print shows the page as it goes to paper until it is called with false.
func (b *Tab) Print(on bool) {
	b.t.Helper()
	media := ""
	if on {
		media = "print"
	}
	b.media(emulation.SetEmulatedMediaParams{Media: media})
}

// PrintedPages counts the sheets that the page takes when it is printed, in the size that its own styles ask
// for.
func (b *Tab) PrintedPages() int {
	b.t.Helper()
	own := true
	var file []byte
	run(b, "print", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &own})
		file = r.Data
		return err
	}))
	return len(pdfPage.FindAll(file, -1))
}

// pdfPage is a page among the objects of a PDF, not the list of them.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

func (b *Tab) media(params emulation.SetEmulatedMediaParams) {
	b.t.Helper()
	run(b, "set the medium", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, params)
		return err
	}))
}

// DisableJavaScript lets no script of a page run from the next page on.
func (b *Tab) DisableJavaScript() {
	b.t.Helper()
	run(b, "switch scripts off", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// point is where to click, or why one cannot.
type point struct {
	X, Y  float64
	Error string
}

func (b *Tab) click(role, words string) {
	b.t.Helper()
	run(b, "click "+role+" "+words, b.clickAction(role, words))
}

func (b *Tab) clickAndLoad(role, words string) {
	b.t.Helper()
	run(b, "click "+role+" "+words, chromedp.WaitEvent(page.LoadEventFired, nil, b.clickAction(role, words)))
}

// clickAction moves the mouse to the thing and clicks, as a person does: what is covered or not
// shown cannot be clicked.
func (b *Tab) clickAction(role, words string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		p, err := chromedp.Evaluate[point](call("where", role, words))(ctx, t)
		if err != nil {
			return err
		}
		if p.Error != "" {
			return fmt.Errorf("%s", p.Error)
		}
		return chromedp.Do(ctx, chromedp.MouseClickXY(p.X, p.Y))
	})
}

// answer is what a finder found, or why it did not.
type answer struct {
	Text  string
	Error string
}

func (b *Tab) ask(finder string, args ...any) string {
	b.t.Helper()
	a := run(b, finder, chromedp.Evaluate[answer](call(finder, args...)))
	if a.Error != "" {
		b.t.Fatalf("%s: %s", b.URL(), a.Error)
	}
	return a.Text
}

// call writes the script that calls one of the functions of find.js.
func call(finder string, args ...any) string {
	literals := make([]string, len(args))
	for i, a := range args {
		j, err := json.Marshal(a)
		if err != nil {
			panic(err) // strings and bools always marshal
		}
		literals[i] = string(j)
	}
	return "(" + finders + ")()." + finder + "(" + strings.Join(literals, ",") + ")"
}

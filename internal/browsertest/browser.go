// Package browsertest drives a real headless Chromium for tests of pages: it finds things the way
// a person does, by label and by words, and checks what every page owes its reader. It is used by
// tests only.
//
// A package with browser tests has
//
//	func TestMain(m *testing.M) { browsertest.Main(m) }
//
// and then, per test,
//
//	tab := browsertest.New(t)
//	tab.Open(server.URL + "/login")
//	tab.Fill("Tên đăng nhập", "vanphong")
//	tab.Press("Đăng nhập")
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
)

// patience bounds each single act of a test.
const patience = time.Minute

// shared is the one browser of a test binary, started by the first test that asks for it.
var shared struct {
	once sync.Once
	ctx  context.Context
	stop context.CancelFunc
	err  error
}

// Main runs the tests of a package and stops the browser that they shared.
func Main(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// startBrowser starts the shared browser. One that dies while it starts, as on a machine short of
// everything, is started again, a few times.
func startBrowser() {
	for range 3 {
		if tryBrowser(); shared.err == nil {
			return
		}
		shared.stop()
	}
}

func tryBrowser() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // tests also run as root, where Chromium has no sandbox
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "vi"),
		// A page that comes back from memory fires no load event to wait for.
		chromedp.Flag("disable-features", "Translate,BackForwardCache"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	shared.stop = func() {
		stopBrowser()
		stopAllocator()
	}
	shared.ctx, shared.err = ctx, chromedp.Do(ctx)
}

// Tab is one browser window with its own cookies, used by one test.
type Tab struct {
	t   testing.TB
	ctx context.Context

	mu      sync.Mutex
	refused []string // what the content security policy refused
}

// New opens a window of its own, 1280 by 900, without any cookie. It closes with the test, which
// fails if a page broke its content security policy or a script of a page failed.
func New(t testing.TB) *Tab {
	t.Helper()
	if !Installed() {
		t.Fatal("browser tests need Chromium: install the package chromium")
	}
	shared.once.Do(startBrowser)
	if shared.err != nil {
		t.Fatalf("start the browser: %v", shared.err)
	}
	ctx, closeTab := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	tab := &Tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		closeTab()
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, text := range tab.refused {
			t.Errorf("the browser refused: %s", text)
		}
	})
	tab.must("open a window", chromedp.Do(ctx))
	tab.must("listen", chromedp.Listen(ctx, tab.noteRefusal))
	tab.SetViewport(1280, 900)
	return tab
}

// Installed tells whether a Chromium or Chrome is on the PATH.
func Installed() bool {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome", "headless-shell"} {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}

// noteRefusal remembers console entries about the content security policy.
func (b *Tab) noteRefusal(event any) {
	e, ok := event.(*log.EventEntryAdded)
	if !ok || e.Entry == nil || !strings.Contains(e.Entry.Text, "Content Security Policy") {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = append(b.refused, e.Entry.Text)
}

// Screenshot takes a picture of the whole page as <name>.png among the test's artifacts:
// `go test -artifacts -outputdir <folder>` keeps them.
func (b *Tab) Screenshot(name string) {
	b.t.Helper()
	picture := run(b, "take a picture", chromedp.FullScreenshot(100))
	file := filepath.Join(b.t.ArtifactDir(), name+".png")
	b.must("keep the picture", os.WriteFile(file, picture, 0o644))
}

func (b *Tab) must(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// run does one act within patience.
func run[T any](b *Tab, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	b.must(what, err)
	return v
}

package browsertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ketnap/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

const form = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Thử</title></head><body><main><h1>Thử</h1>
<form method="post" action="/done">
<label for="a">Họ và tên <span class="optional">(không bắt buộc)</span></label><input id="a" name="name" value="cũ">
<label for="b">Chi bộ</label><select id="b" name="cell"><option value="1">Một</option><option value="2">Hai</option></select>
<input type="checkbox" id="c" name="sure" value="on"><label for="c">Đã đối chiếu</label>
<button>Ghi</button></form><a href="/done?x=1">Xem</a></main></body></html>`

func serve(t *testing.T, page string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page) })
	mux.HandleFunc("/done", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<title>Xong</title><p>%s|%s|%s|%s</p>", r.Method, r.FormValue("name"), r.FormValue("cell"), r.FormValue("sure"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAFormIsFilledByItsLabelsWithAndWithoutScript(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts=%v", scripts), func(t *testing.T) {
			tab := browsertest.New(t)
			if !scripts {
				tab.DisableJavaScript()
			}
			tab.Open(serve(t, form))
			tab.Fill("Họ và tên", "Đỗ Thị Ẩn")
			tab.Choose("Chi bộ", "Hai")
			tab.Check("Đã đối chiếu")
			if got := tab.Value("Họ và tên"); got != "Đỗ Thị Ẩn" {
				t.Errorf("the field holds %q", got)
			}
			tab.Press("Ghi")
			tab.Sees("POST|Đỗ Thị Ẩn|2|on")
			tab.Back()
			tab.Follow("Xem")
			tab.Sees("GET|||")
		})
	}
}

func TestEachTestHasItsOwnCookies(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := r.Cookie("seen")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		fmt.Fprintf(w, "<p>known: %v</p>", err == nil)
	}))
	t.Cleanup(server.Close)
	first, second := browsertest.New(t), browsertest.New(t)
	first.Open(server.URL)
	first.Open(server.URL)
	first.Sees("known: true")
	second.Open(server.URL)
	second.Sees("known: false")
}

// listener takes what a check reports in place of failing the test.
type listener struct {
	testing.TB
	reports []string
}

func (l *listener) Errorf(format string, args ...any) {
	l.reports = append(l.reports, fmt.Sprintf(format, args...))
}

func TestTheChecksFindWhatIsWrongWithAPage(t *testing.T) {
	const bad = `<!doctype html><html lang="vi"><head><title>x</title></head><body><main><h1>⟦room.key⟧</h1>
<input style="width: 10px; height: 10px; padding: 0"><div style="width: 3000px">x</div></main></body></html>`
	for name, check := range map[string]func(*browsertest.Tab){
		"Form elements must have labels": (*browsertest.Tab).Axe,
		"scrolls sideways":               (*browsertest.Tab).NoSidewaysScroll,
		"under 24 px":                    (*browsertest.Tab).BigTargets,
		`misses words: "room.key"`:       (*browsertest.Tab).AllWords,
	} {
		heard := &listener{TB: t}
		tab := browsertest.New(heard)
		tab.Open(serve(t, bad))
		check(tab)
		if !strings.Contains(strings.Join(heard.reports, "\n"), name) {
			t.Errorf("not reported: %s; reported: %q", name, heard.reports)
		}
	}
}

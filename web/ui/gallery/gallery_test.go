package gallery_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"

	"ketnap/internal/browsertest"
	"ketnap/internal/party"
	"ketnap/web"
	"ketnap/web/errors"
	"ketnap/web/signin"
	"ketnap/web/ui"
	"ketnap/web/ui/gallery"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// policy is the content security policy that the program serves with.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func samplePage() ui.Page {
	return ui.Page{
		Title:  "Các thành phần",
		Viewer: &ui.Viewer{Name: "Trần Thị Thu Nguyệt", Organisation: "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh"},
		Nav: []ui.NavSection{
			{Items: []ui.NavItem{
				{Label: "Việc cần làm", Href: "/worklist", Icon: ui.IconWorklist, Count: 27},
				{Label: "Tổng quan", Href: "/dashboard", Icon: ui.IconDashboard},
				{Label: "Người", Href: "/people", Icon: ui.IconPeople, Current: true},
				{Label: "Lớp bồi dưỡng", Href: "/classes", Icon: ui.IconClass},
				{Label: "Tổ chức", Href: "/organisations", Icon: ui.IconOrganisation},
			}},
			{Label: "Quản trị", Items: []ui.NavItem{
				{Label: "Tài khoản", Href: "/admin/accounts", Icon: ui.IconAdmin},
				{Label: "Nhật ký", Href: "/admin/audit", Icon: ui.IconAudit},
			}},
		},
		Crumbs:    []ui.Crumb{{Label: "Người", Href: "/people"}},
		Flash:     &ui.Flash{Tone: ui.Good, Text: "Đã ghi nghị quyết chi bộ."},
		Path:      "/",
		Demo:      true,
		RequestID: "h4x2-000017",
		Today:     party.MustDate("2026-10-05"),
	}
}

// views are the pages that the tests look at.
func views() map[string]templ.Component {
	bare := ui.Page{Title: "Đăng nhập", Path: "/login"}
	kinds := []ui.Option{{Value: "upper", Label: "Cấp ủy cấp trên trực tiếp"}, {Value: "grassroots", Label: "Tổ chức cơ sở đảng"}}
	return map[string]templ.Component{
		"gallery": gallery.Gallery(samplePage()),
		"form":    gallery.Form(samplePage().WithErrors(ui.Errors{{Name: "birth", Text: "x"}})),
		"confirm": gallery.Confirm(samplePage()),
		"signin":  signin.SignIn(bare, signin.SignInView{Form: ui.FormView{Action: "/login"}, Kept: true, Demo: true}),
		"setup":   signin.SetUp(bare, signin.SetUpView{Form: ui.FormView{Action: "/setup"}, OrgKinds: kinds}),
		"error":   errors.Page(samplePage(), errors.View{Status: 409, RequestID: "h4x2-000017"}),
	}
}

func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(web.StaticPrefix, web.Static())
	for name, view := range views() {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			ctx := ui.WithLang(context.Background(), r.URL.Query().Get("lang"))
			templ.Handler(view).ServeHTTP(w, r.WithContext(ctx))
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestEveryComponentIsAccessibleInBothThemesLanguagesAndSizes(t *testing.T) {
	url := serve(t)
	for name := range views() {
		t.Run(name, func(t *testing.T) {
			tab := browsertest.New(t)
			for _, dark := range []bool{false, true} {
				tab.PreferDark(dark)
				theme := map[bool]string{false: "light", true: "dark"}[dark]
				tab.SetViewport(1280, 900)
				tab.Open(url + "/" + name)
				tab.Screenshot(name + "-1280-" + theme)
				tab.GoodPage()
				tab.SetViewport(375, 800)
				tab.Open(url + "/" + name + "?lang=en")
				tab.Screenshot(name + "-375-" + theme)
				tab.GoodPage()
			}
			tab.SetViewport(320, 640)
			tab.Open(url + "/" + name)
			tab.NoSidewaysScroll()
		})
	}
}

func TestTheErrorSummaryTakesTheFocusWithoutScript(t *testing.T) {
	tab := browsertest.New(t)
	tab.DisableJavaScript()
	tab.Open(serve(t) + "/form")
	if got := tab.TextOf(".error-summary:focus h2"); got != "Chưa ghi được, đề nghị xem lại" {
		t.Errorf("focus is on %q", got)
	}
	if got := tab.Title(); got != "Lỗi: Các thành phần – Kết nạp" {
		t.Errorf("title is %q", got)
	}
}

func TestVietnameseComesFromOneFaceWithFiguresOfOneWidth(t *testing.T) {
	tab := browsertest.New(t)
	tab.Open(serve(t) + "/gallery")
	if err := tab.CheckFace("Source Sans 3", "Nguyễn Thị Hằng ằ ẵ ợ ữ ĩ Đỗ ẤỘỮ 0123456789"); err != nil {
		t.Error(err)
	}
}

func TestTheMenusOpenWithoutScriptAndStayWithinAPhone(t *testing.T) {
	tab := browsertest.New(t)
	tab.DisableJavaScript()
	tab.SetViewport(375, 800)
	tab.Open(serve(t) + "/gallery")
	tab.SeesNot("Lớp bồi dưỡng", "In danh sách")
	tab.Toggle("Danh mục")
	tab.Sees("Lớp bồi dưỡng", "Nhật ký", "Trần Thị Thu Nguyệt", "English", "Đăng xuất")
	tab.NoSidewaysScroll()
	tab.Screenshot("phone-menu")
	tab.Toggle("Danh mục")
	tab.Toggle("Việc khác")
	tab.Sees("In danh sách")
	tab.NoSidewaysScroll()
	tab.Screenshot("phone-actions")
}

func TestPaperShowsTheListWithoutTheScreensControls(t *testing.T) {
	tab := browsertest.New(t)
	tab.Open(serve(t) + "/gallery")
	tab.SetViewport(661, 935) // A4 within its margins
	tab.Print(true)
	tab.Screenshot("print")
	tab.Sees("Quần chúng ưu tú và đảng viên", "Nguyễn Thị Hằng")
	tab.SeesNot("Đăng xuất", "Việc cần làm", "Trang sau", "Bỏ lọc")
}

package journey

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

// Two members graduate. The secretary enters who keeps contact and where they go; the grassroots committee
// issues the papers from there: one to a cell of the register, whose secretary receives him, one to an
// organisation outside, whose confirmation ends it. Until then both stand in the list of the cell; afterwards
// the one counts in the other cell and the other nowhere, and neither is lost. With and without script.
func TestAGraduateIsTransferredInsideAndOutsideToArrival(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"with script": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graduateTwo(t, script)
		})
	}
}

func graduateTwo(t *testing.T, script bool) {
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Trần Văn Bền"), party.Ceremony)
	good := func(tab *browsertest.Tab) { // without scripts a page cannot be looked at
		t.Helper()
		if script {
			tab.GoodPage()
		}
	}
	graduates := fmt.Sprintf("%s/cells/%d/graduates", s.URL, s.Org("LTT"))
	secretary, base := signIn(t, s, "bithu.ltt", script), signIn(t, s, "coso.gd", script)
	secretary.SetViewport(375, 800)
	secretary.Open(graduates)
	secretary.Follow("Chưa biết ngày")
	for _, name := range []string{"Nguyễn Thị Ánh", "Trần Văn Bền"} {
		secretary.Fill("Ngày ra trường dự kiến, "+name, "30/11/2026")
		secretary.Fill("Đảng viên giữ liên lạc, "+name, "Lê Văn Giữ")
	}
	secretary.Press("Lưu danh sách")
	secretary.Sees("Số người đã cập nhật: 2.")

	base.Open(graduates)
	base.Follow("Cấp giấy, Nguyễn Thị Ánh")
	base.Fill("Nơi đến", "svkt")
	base.Press("Cấp giấy")
	base.Sees("Đã cấp giấy giới thiệu.", "Chi bộ SVKT")
	base.Open(graduates)
	base.Follow("Cấp giấy, Trần Văn Bền")
	base.Check("Tổ chức bên ngoài, bằng giấy giới thiệu")
	base.Fill("Nơi đến", "Chi bộ khu phố 3, phường An Hòa")
	base.Press("Cấp giấy")
	base.Sees("Đã cấp giấy giới thiệu.", "phường An Hòa", "Hạn xuất trình")
	letter := base.URL()
	good(base)
	secretary.Open(graduates)
	secretary.Sees("Nguyễn Thị Ánh", "Trần Văn Bền", "Giấy số 1/2026", "Giấy số 2/2026")
	good(secretary)

	other := signIn(t, s, "bithu.svkt", script)
	other.Open(s.URL + "/worklist")
	other.Follow("Giấy chuyển sinh hoạt chờ đồng chí tiếp nhận: 1")
	other.Follow("Nguyễn Thị Ánh")
	other.Press("Ghi đã xuất trình")
	other.Press("Tiếp nhận")
	other.Sees("Đã tiếp nhận.")
	base.Open(letter)
	base.Press("Xác nhận đã đến nơi")
	base.Sees("Đã xác nhận đến nơi.")
	good(base)

	secretary.Open(graduates)
	secretary.SeesNot("Nguyễn Thị Ánh")
	secretary.SeesNot("Trần Văn Bền")
	leader := signIn(t, s, "lanhdao", script)
	for code, want := range map[string]string{"LTT": "0", "SVKT": "1", "K": "1"} {
		leader.Open(fmt.Sprintf("%s/dashboard?term=2025-2030&org=%d", s.URL, s.Org(code)))
		got, _, _ := strings.Cut(leader.TextOf(`[aria-labelledby="figure-joined"] .figure-value`), " ")
		if got != want {
			t.Errorf("%s counts %q members, not %s", code, got, want)
		}
	}
}

package probation_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

func signIn(t *testing.T, s *server.Server, username string) *browsertest.Tab {
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	return tab
}

// failedVote enters, as the secretary, a vote that found no two thirds.
func failedVote(tab *browsertest.Tab, address, on string) {
	tab.Open(address + "/steps/recognition_resolution")
	tab.Fill("Ngày chi bộ họp", on)
	tab.Fill("Tổng số đảng viên chính thức của chi bộ", "9")
	tab.Fill("Đảng viên chính thức có mặt", "9")
	tab.Fill("Số tán thành", "3")
	tab.Check("Không được thông qua")
	tab.Press("Ghi bước này")
}

// A secretary sees whose probation has ended and what the recognition lacks. The cell votes three times
// without two thirds; a fourth vote is not offered, and the committee's office records the decision:
// official from the very day on which the probation ended.
func TestARecognitionThatTheCellDoesNotCarryComesBeforeTheCommittee(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // joined on 2026-06-19
	s.Enter(s.Fields("SVKT", "Trần Thị Xa"), party.Ceremony)
	address := fmt.Sprintf("%s/people/%d", s.URL, id)
	secretary := signIn(t, s, "bithu.ltt")
	secretary.Follow("Đảng viên dự bị")
	secretary.Sees("Nguyễn Thị Ánh", "còn 208 ngày", "Thiếu: CN-ĐVM, 10-KNĐ, 11-KNĐ, 12-KNĐ", "Chưa biểu quyết")
	secretary.SeesNot("Trần Thị Xa", "Xem xét xóa tên")
	secretary.GoodPage()
	s.SetToday(party.MustDate("2027-09-20"))
	secretary.Open(s.URL + "/probation?show=voting")
	secretary.Sees("đã hết 93 ngày", "Xem xét xóa tên")
	for n, on := range []string{"01/07/2027", "01/08/2027", "01/09/2027"} {
		failedVote(secretary, address, on)
		secretary.Sees(fmt.Sprintf("Chi bộ đã biểu quyết %d lần mà chưa đủ hai phần ba", n+1))
	}
	secretary.GoodPage()
	secretary.Open(s.URL + "/probation?show=deciding")
	secretary.Sees("3 lần không đủ: cấp trên quyết định", "Quyết định công nhận chính thức")
	secretary.GoodPage()
	secretary.Follow("Xem xét xóa tên")
	secretary.Sees("Nguyễn Thị Ánh")
	secretary.GoodPage()

	office := signIn(t, s, "vanphong")
	office.Open(s.URL + "/probation?show=nonsense&org=1")
	office.GoodPage()
	office.Open(address + "/steps/recognition_decision")
	office.Fill("Ngày ký quyết định", "15/09/2027")
	office.Check("Ban thường vụ cấp ủy cấp trên trực tiếp")
	office.Press("Ghi bước này")
	office.Open(address)
	office.Sees("Đảng viên chính thức", "19/06/2027")
	office.Open(s.URL + "/probation?show=deciding")
	office.Sees("Không ai chờ quyết định")
	office.Press("English")
	office.Sees("Nobody waits for a decision")
	office.GoodPage()
}

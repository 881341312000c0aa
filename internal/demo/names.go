package demo

import (
	"math/rand/v2"
	"strings"

	"ketnap/internal/party"
)

// Family names weighted roughly as they occur.
var families = words(`Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng
	Bùi Đỗ Hồ Ngô Dương Lý Danh Thạch Châu Kim Đinh Mai Lâm Trịnh Đoàn`)

var middles = map[string][]string{
	"male":   words(`Văn Hữu Đức Minh Quốc Công Đình Xuân Ngọc Thanh Quang Trọng Duy Gia Khắc Tiến Thế Hoàng`),
	"female": words(`Thị Thị Thị Ngọc Thu Hồng Kim Thanh Phương Thùy Bích Mỹ Diệu Khánh Minh Hoài Bảo Quỳnh Tuyết Như`),
}

var givens = map[string][]string{
	"male": words(`An Anh Bảo Bình Cường Công Dũng Duy Đại Đạt Đông Đức Giang Hải Hào Hậu Hiếu Hòa Hoàng Hùng Huy Hưng
		Khải Khang Khánh Khoa Kiên Lâm Long Lộc Mạnh Minh Nam Nghĩa Nhân Phát Phong Phúc Quân Quang Quý Sang Sơn Tài Tâm
		Tân Thái Thành Thắng Thiện Thịnh Toàn Trung Tú Tuấn Vinh`),
	"female": words(`An Anh Ánh Bích Châu Chi Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa Hoài Hồng Huệ Hương Khanh Lan Lệ
		Liên Linh Loan Ly Mai My Nga Ngà Ngân Ngọc Nhung Nguyệt Oanh Phương Phượng Quyên Quỳnh Sương Tâm Thảo Thanh Thắm
		Thơm Thu Thủy Thúy Trang Trâm Trinh Tú Tuyết Vân Vy Xuân Yến Uyên`),
}

var origins = words(`Tân_Hà Vĩnh_Thuận An_Phú Long_Điền Mỹ_Hòa Phước_Lộc Bình_Sơn Hòa_Thuận Đông_Yên Thạnh_Lợi`)

func words(s string) []string { return strings.Fields(s) }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// inventName gives a person's sex and a name that goes with it.
func inventName(r *rand.Rand) (sex, name string) {
	sex = pick(r, []string{"male", "female", "female"})
	middle := pick(r, middles[sex])
	if r.IntN(5) == 0 {
		if second := pick(r, middles[sex]); second != middle {
			middle += " " + second
		}
	}
	return sex, pick(r, families) + " " + middle + " " + pick(r, givens[sex])
}

// inventTeacher gives the name of a member of staff, as one who vouches or helps.
func inventTeacher(r *rand.Rand) string {
	_, name := inventName(r)
	return name
}

func inventOrigin(r *rand.Rand) string {
	return "xã " + strings.ReplaceAll(pick(r, origins), "_", " ") + ", tỉnh Tân Hà"
}

// inventEthnicity follows the mix of a province of the south-west.
func inventEthnicity(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 82:
		return "Kinh"
	case n < 94:
		return "Khmer"
	default:
		return "Hoa"
	}
}

func inventReligion(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 80:
		return "Không"
	case n < 92:
		return "Phật giáo"
	default:
		return "Công giáo"
	}
}

// between gives a day from a to b, both included.
func between(r *rand.Rand, a, b party.Date) party.Date {
	n := b.DaysSince(a)
	if n <= 0 {
		return a
	}
	return a.AddDays(r.IntN(n + 1))
}

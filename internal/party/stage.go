package party

// Stage is how far somebody has come.
type Stage string

// The stages from first entry to official member. StageDropped,
// StageAway and StageFormer stand beside the row.
const (
	StageRegistered   Stage = "registered"   // mới ghi tên
	StageIntroduced   Stage = "introduced"   // được giới thiệu
	StagePlanned      Stage = "planned"      // trong quy hoạch
	StageTrained      Stage = "trained"      // đã học lớp nhận thức
	StageDossier      Stage = "dossier"      // đủ hồ sơ
	StageProposed     Stage = "proposed"     // chi bộ đã đề nghị
	StageEndorsed     Stage = "endorsed"     // đảng ủy cơ sở đã đề nghị
	StageDecided      Stage = "decided"      // đã có quyết định
	StageProbationary Stage = "probationary" // đảng viên dự bị
	StageOfficial     Stage = "official"     // đảng viên chính thức
	StageDropped      Stage = "dropped"      // đưa ra khỏi quy hoạch
	StageAway         Stage = "away"         // chuyển đi, không còn theo dõi ở đây
	StageFormer       Stage = "former"       // không còn là đảng viên
)

// Stages lists the stages in order, those beside the row last.
var Stages = []Stage{StageRegistered, StageIntroduced, StagePlanned, StageTrained, StageDossier,
	StageProposed, StageEndorsed, StageDecided, StageProbationary, StageOfficial, StageDropped, StageAway, StageFormer}

// Member tells whether a person at this stage is a party member.
func (s Stage) Member() bool { return s == StageProbationary || s == StageOfficial }

// Valid tells whether s is a known stage.
func (s Stage) Valid() bool {
	for _, x := range Stages {
		if x == s {
			return true
		}
	}
	return false
}

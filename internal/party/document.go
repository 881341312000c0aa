package party

import (
	"cmp"
	"slices"
)

// DossierStage tells for what a dossier is put together.
type DossierStage string

// The dossiers that a party member's way has.
const (
	AdmissionDossier   DossierStage = "admission"
	RecognitionDossier DossierStage = "recognition"
)

// DossierStages lists the dossiers in the order in which they come.
var DossierStages = []DossierStage{AdmissionDossier, RecognitionDossier}

// DocumentKind names a paper of a dossier by what it is. Which form it is written on, and under which
// title, changes with time: that is a DocumentForm.
type DocumentKind string

// The papers of both dossiers (domain.md 2.1).
const (
	DocCertificate          DocumentKind = "certificate"
	DocApplication          DocumentKind = "application"
	DocLifeHistory          DocumentKind = "life_history"
	DocIntroducer           DocumentKind = "introducer"
	DocUnionResolution      DocumentKind = "union_resolution"
	DocTradeUnionResolution DocumentKind = "trade_union_resolution"
	DocOpinions             DocumentKind = "opinions"
	DocCellResolution       DocumentKind = "cell_resolution"
	DocSectionalReport      DocumentKind = "sectional_report"
	DocGrassrootsResolution DocumentKind = "grassroots_resolution"
	DocAdmissionDecision    DocumentKind = "admission_decision"

	DocReadmitApplication DocumentKind = "readmit_application" // đơn xin kết nạp lại
	DocReadmitConsent     DocumentKind = "readmit_consent"     // văn bản đồng ý của ban thường vụ tỉnh ủy, thành ủy

	DocMemberCertificate      DocumentKind = "member_certificate"
	DocSelfReview             DocumentKind = "self_review"
	DocMentorRemarks          DocumentKind = "mentor_remarks"
	DocMemberOpinions         DocumentKind = "member_opinions"
	DocRecognitionResolution  DocumentKind = "recognition_resolution"
	DocRecognitionReport      DocumentKind = "recognition_report"
	DocRecognitionEndorsement DocumentKind = "recognition_endorsement"
	DocRecognitionDecision    DocumentKind = "recognition_decision"
)

// DocumentLevel tells with whose work a paper comes into the dossier.
type DocumentLevel string

// The levels in the order in which a dossier passes them.
const (
	DueForDossier    DocumentLevel = "dossier"    // before the cell votes
	DueByCell        DocumentLevel = "cell"       // the cell's resolution
	DueBySectional   DocumentLevel = "sectional"  // what the sectional committee writes
	DueByGrassroots  DocumentLevel = "grassroots" // what the grassroots committee resolves
	DueWithADecision DocumentLevel = "decision"   // the decision itself
)

var documentLevels = []DocumentLevel{DueForDossier, DueByCell, DueBySectional, DueByGrassroots, DueWithADecision}

func (l DocumentLevel) rank() int { return slices.Index(documentLevels, l) }

// DocumentForm is the form on which a paper is written during a period, with where it was read.
type DocumentForm struct {
	Kind       DocumentKind
	Stage      DossierStage
	Code       string // 1-KNĐ
	Title      string
	Position   int // in the checklist
	Level      DocumentLevel
	Above      OrgKind      // needed only where such a committee stands above the cell; "" everywhere
	Instead    DocumentKind // may stand in the place of this paper, and is not asked for otherwise
	Former     bool         // asked only of who was a member before
	LastsBy    RuleID       // the rule after whose months it must be done again; "" lasts
	From       Date
	Until      Date // last day in force; zero = still
	Document   string
	Issued     Date
	Clause     string
	Confidence Confidence
}

// InForce tells whether the form is the one of a day.
func (f DocumentForm) InForce(day Date) bool {
	return !day.Before(f.From) && (f.Until.IsZero() || !day.After(f.Until))
}

// DueBy tells whether the paper should be there once a level has done its work.
func (f DocumentForm) DueBy(level DocumentLevel) bool { return f.Level.rank() <= level.rank() }

// documentsRule carries the citation of a form to where conditions are shown.
const documentsRule RuleID = "documents"

// Citation gives where the form was read, as a rule of the checklist.
func (f DocumentForm) Citation() Rule {
	return Rule{ID: documentsRule, From: f.From, Until: f.Until, Document: f.Document, Issued: f.Issued, Clause: f.Clause, Confidence: f.Confidence}
}

// FormsOn gives the forms of a dossier as they were on a day, in their order. Of two forms of one
// paper the one that came later wins.
func (b *Rulebook) FormsOn(stage DossierStage, day Date) []DocumentForm {
	newest := map[DocumentKind]DocumentForm{}
	for _, f := range b.forms {
		if f.Stage == stage && f.InForce(day) && !f.From.Before(newest[f.Kind].From) {
			newest[f.Kind] = f
		}
	}
	out := make([]DocumentForm, 0, len(newest))
	for _, f := range newest {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y DocumentForm) int {
		return cmp.Or(cmp.Compare(x.Position, y.Position), cmp.Compare(x.Kind, y.Kind))
	})
	return out
}

// DefaultForms gives the forms that ship with the software (domain.md 2.1), each once for the span of
// each guidance that knows it.
func DefaultForms() []DocumentForm {
	var out []DocumentForm
	for i, f := range shippedForms() {
		f.Position = i + 1
		for _, s := range []source{forms2012, forms2017, forms2022} {
			f.From, f.Until, f.Document, f.Issued = s.from, s.until, s.document, s.issued
			out = append(out, f)
		}
	}
	for _, f := range readmissionForms() {
		for _, s := range regulations {
			f.From, f.Until, f.Document, f.Issued, f.Confidence = s.from, s.until, s.document, s.issued, s.seen
			out = append(out, f)
		}
	}
	return out
}

// readmissionForms gives the papers that a re-admission asks for besides, before all others. No form of
// them is known: the regulation itself asks for them (3.5.1b).
func readmissionForms() []DocumentForm {
	again := DocumentForm{Stage: AdmissionDossier, Level: DueForDossier, Former: true, Clause: "3.5.1b"}
	application, consent := again, again
	application.Kind, application.Code, application.Title, application.Instead = DocReadmitApplication, "Đơn KNL", "Đơn xin kết nạp lại vào Đảng", DocApplication
	consent.Kind, consent.Code, consent.Title = DocReadmitConsent, "ĐY KNL", "Văn bản đồng ý kết nạp lại của ban thường vụ tỉnh ủy, thành ủy"
	return []DocumentForm{application, consent}
}

// shippedForms gives the forms without their spans.
func shippedForms() []DocumentForm {
	a := func(kind DocumentKind, code, title string, level DocumentLevel) DocumentForm {
		return DocumentForm{Kind: kind, Stage: AdmissionDossier, Code: code, Title: title, Level: level, Clause: code, Confidence: Verified}
	}
	r := func(kind DocumentKind, code, title string, level DocumentLevel) DocumentForm {
		f := a(kind, code, title, level)
		f.Stage = RecognitionDossier
		return f
	}
	above := func(k OrgKind, f DocumentForm) DocumentForm { f.Above = k; return f }
	lasts := func(by RuleID, f DocumentForm) DocumentForm { f.LastsBy = by; return f }
	marked := func(c Confidence, f DocumentForm) DocumentForm { f.Confidence = c; return f }
	instead := func(kind DocumentKind, f DocumentForm) DocumentForm { f.Instead = kind; return f }
	return []DocumentForm{
		lasts(CertValid, a(DocCertificate, "CN-NTVĐ", "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng", DueForDossier)),
		a(DocApplication, "1-KNĐ", "Đơn xin vào Đảng", DueForDossier),
		a(DocLifeHistory, "2-KNĐ", "Lý lịch của người xin vào Đảng", DueForDossier),
		lasts(DossierRedo, a(DocIntroducer, "3-KNĐ", "Giấy giới thiệu người vào Đảng", DueForDossier)),
		lasts(DossierRedo, a(DocUnionResolution, "4-KNĐ", "Nghị quyết giới thiệu đoàn viên ưu tú vào Đảng", DueForDossier)),
		instead(DocUnionResolution, lasts(DossierRedo, a(DocTradeUnionResolution, "4a-KNĐ", "Nghị quyết giới thiệu đoàn viên công đoàn vào Đảng", DueForDossier))),
		lasts(DossierRedo, a(DocOpinions, "5-KNĐ", "Tổng hợp ý kiến nhận xét của tổ chức chính trị - xã hội và chi ủy nơi cư trú", DueForDossier)),
		a(DocCellResolution, "6-KNĐ", "Nghị quyết đề nghị kết nạp đảng viên (của chi bộ)", DueByCell),
		above(SectionalCommittee, a(DocSectionalReport, "7-KNĐ", "Báo cáo của đảng ủy bộ phận thẩm định nghị quyết của chi bộ", DueBySectional)),
		above(GrassrootsCommittee, a(DocGrassrootsResolution, "8-KNĐ", "Nghị quyết đề nghị kết nạp đảng viên (của đảng ủy cơ sở)", DueByGrassroots)),
		a(DocAdmissionDecision, "9-KNĐ", "Quyết định kết nạp đảng viên", DueWithADecision),

		marked(SecondHand, r(DocMemberCertificate, "CN-ĐVM", "Giấy chứng nhận lớp bồi dưỡng đảng viên mới", DueForDossier)),
		r(DocSelfReview, "10-KNĐ", "Bản tự kiểm điểm của đảng viên dự bị", DueForDossier),
		r(DocMentorRemarks, "11-KNĐ", "Bản nhận xét đảng viên dự bị", DueForDossier),
		r(DocMemberOpinions, "12-KNĐ", "Tổng hợp ý kiến nhận xét đối với đảng viên dự bị", DueForDossier),
		r(DocRecognitionResolution, "13-KNĐ", "Nghị quyết đề nghị công nhận đảng viên chính thức (của chi bộ)", DueByCell),
		marked(Recalled, above(SectionalCommittee, r(DocRecognitionReport, "14-KNĐ", "Báo cáo của đảng ủy bộ phận thẩm định nghị quyết công nhận của chi bộ", DueBySectional))),
		above(GrassrootsCommittee, r(DocRecognitionEndorsement, "15-KNĐ", "Nghị quyết đề nghị công nhận đảng viên chính thức (của đảng ủy cơ sở)", DueByGrassroots)),
		marked(Recalled, r(DocRecognitionDecision, "16-KNĐ", "Quyết định công nhận đảng viên chính thức", DueWithADecision)),
	}
}

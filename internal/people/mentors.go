package people

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Bounds of what a page about mentors shows, the most pressing first.
const (
	maxMentors = 200
	maxHelped  = 200
	maxHelpers = 500 // official members of one cell
)

// helpedStages are those at which somebody should have a mentor.
var helpedStages = []party.Stage{party.StagePlanned, party.StageTrained, party.StageDossier, party.StageProposed, party.StageEndorsed,
	party.StageDecided, party.StageProbationary}

// Helper is an official member of whom a mentor may be chosen.
type Helper struct {
	ID   int64
	Name string
}

// Mentor is somebody who helps, with how many and how late.
type Mentor struct {
	MentorID int64 // 0 for one who is not in the register
	Name     string
	OrgID    int32
	People   int
	Overdue  int
	Due      party.Date // the next remark; zero where none is awaited
}

// Helped is somebody with his mentor. Mentor is empty for who has none; Since is then his stage's.
type Helped struct {
	ID       int64
	FullName string
	OrgID    int32
	Stage    party.Stage
	Mentor   string
	Since    party.Date
	Due      party.Date
}

// MentorQuery asks below an organisation, 0 for the whole scope, and for one mentor's list by his name.
type MentorQuery struct {
	OrgID int32
	Name  string
}

// Mentors is what a page about mentors shows: all who help, whose remarks are late, and who has nobody.
// Of one mentor only his own list.
type Mentors struct {
	List     []Mentor
	Helped   []Helped // of one mentor; otherwise with an overdue remark
	Unhelped []Helped
}

// Cut tells whether one of the lists shows only what is most pressing.
func (m Mentors) Cut() bool {
	return len(m.List) == maxMentors || len(m.Helped) == maxHelped || len(m.Unhelped) == maxHelped
}

// Mentors tells who helps whom in the viewer's scope, how late the remarks are and who has no mentor. An
// organisation outside the scope gives nothing.
func (s *Service) Mentors(ctx context.Context, v access.Viewer, q MentorQuery) (Mentors, error) {
	var out Mentors
	if !v.May(access.MentorsRead) {
		return out, fault.NewForbidden("errors.forbidden")
	}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Helped, err = selectHelped(ctx, tx, q, s.clock(), maxHelped); err != nil || q.Name != "" {
			return err
		}
		if out.List, err = selectMentors(ctx, tx, q.OrgID, s.clock(), maxMentors); err != nil {
			return err
		}
		out.Unhelped, err = selectUnhelped(ctx, tx, q.OrgID, maxHelped)
		return err
	})
	return out, err
}

// Helpers gives the official members of a cell, of whom a mentor is chosen.
func (s *Service) Helpers(ctx context.Context, v access.Viewer, orgID int32) ([]Helper, error) {
	var out []Helper
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectHelpers(ctx, tx, orgID, maxHelpers)
		return err
	})
	return out, err
}

// knownMentor gives a step with its mentor's number in the register: a name that one official member of
// the cell has on the day, and nobody else, is his. One who is named by number and is none is refused.
func knownMentor(ctx context.Context, tx *postgres.Tx, p tracked, step party.Step) (party.Step, error) {
	f, ok := step.Facts.(party.MentorFacts)
	if !ok {
		return step, nil
	}
	ids, err := selectOfficial(ctx, tx, p.orgID, CleanName(f.Name), f.MentorID, step.On)
	if err != nil {
		return step, err
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id == p.id })
	switch {
	case f.MentorID != 0 && len(ids) == 0:
		return step, fault.InvalidFields(fault.Field{Name: "name", Key: "steps.error.mentor"})
	case len(ids) == 1:
		f.MentorID = ids[0]
	}
	f.Name = CleanName(f.Name)
	step.Facts = f
	return step, nil
}

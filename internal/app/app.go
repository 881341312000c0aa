// Package app puts the capabilities of one installation together, for the program, the pages and
// the tests alike. No use case lives here.
package app

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/achievement"
	"ketnap/internal/assessment"
	"ketnap/internal/audit"
	"ketnap/internal/cell"
	"ketnap/internal/ceremony"
	"ketnap/internal/class"
	"ketnap/internal/decision"
	"ketnap/internal/departure"
	"ketnap/internal/document"
	"ketnap/internal/exemption"
	"ketnap/internal/graduation"
	"ketnap/internal/introduction"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/probation"
	"ketnap/internal/regulation"
	"ketnap/internal/reorganisation"
	"ketnap/internal/report"
	"ketnap/internal/review"
	"ketnap/internal/submission"
	"ketnap/internal/task"
	"ketnap/internal/transfer"
	"ketnap/internal/warning"
	"ketnap/internal/worklist"
)

// Services are the use cases of an installation.
type Services struct {
	Organisations *organisation.Service
	Regulations   *regulation.Service
	Classes       *class.Service
	People        *people.Service
	Introductions *introduction.Service
	Decisions     *decision.Service
	Ceremonies    *ceremony.Service
	Reports       *report.Service
	Worklist      *worklist.Service
	Achievements  *achievement.Service
	Reviews       *review.Service
	Documents     *document.Service
	Submissions   *submission.Service
	Cells         *cell.Service
	Warnings      *warning.Service
	Transfers     *transfer.Service
	Graduations   *graduation.Service
	Departures    *departure.Service
	Assessments   *assessment.Service
	Probation     *probation.Service
	Tasks         *task.Service
	Exemptions    *exemption.Service
	Accounts      *account.Service
	Audit         *audit.Service

	Reorganisations *reorganisation.Service
}

// New puts the services over a database. secret protects personal numbers; today tells the day in
// the committee's time zone.
func New(db *postgres.DB, secret []byte, today func() party.Date) (*Services, error) {
	s := &Services{}
	s.Organisations = organisation.New(db, today)
	s.Regulations = regulation.New(db, today)
	numbers, err := people.NewNumbers(secret)
	if err != nil {
		return nil, err
	}
	s.People = people.New(db, s.Organisations, s.Regulations, numbers, today)
	// A rule, a holiday or a term that changes may change what is awaited of whom, until when, and
	// what a term counts.
	s.Regulations.OnChange, s.Organisations.OnTermsChange = s.People.Outdate, s.People.Outdate
	s.Classes = class.New(db, s.Organisations, s.People, today)
	s.Decisions = decision.New(db, s.Organisations, s.People, today)
	s.Ceremonies = ceremony.New(db, s.Organisations, s.People, today)
	s.Introductions = introduction.New(db, s.Organisations, s.People, today)
	s.Reports = report.New(db, s.Organisations, s.Classes, s.Regulations, today)
	s.Worklist = worklist.New(db, s.Organisations, today)
	s.Achievements = achievement.New(db, s.Organisations, today)
	s.Reviews = review.New(db, s.Organisations, s.Regulations, s.People, s.Achievements, today)
	s.Documents = document.New(db, s.Organisations, s.People, today)
	s.People.Consents = s.Documents.Consents
	s.Submissions = submission.New(db, s.Organisations, s.People, s.Documents, today)
	s.Warnings = warning.New(db, s.Organisations, s.Regulations, today)
	s.People.OnMember = s.Warnings.Refresh
	s.Cells = cell.New(db, s.Organisations, s.Regulations, s.Warnings, today)
	s.Tasks = task.New(db, s.Organisations, s.Warnings, today)
	s.Exemptions = exemption.New(db, s.People, s.Warnings, today)
	s.Transfers = transfer.New(db, s.Organisations, s.People, today)
	s.Graduations = graduation.New(db, s.Organisations, today)
	s.Departures = departure.New(db, s.Organisations, s.Regulations, s.People, s.Decisions, today)
	s.People.OnStep = func(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64, c party.Case) error {
		if err := s.Submissions.Settle(ctx, tx, v, id, c); err != nil {
			return err
		}
		return s.Departures.Settle(ctx, tx, v, id, c)
	}
	s.Assessments = assessment.New(db, s.Organisations, s.Regulations, today)
	s.Probation = probation.New(db, s.Organisations, s.Regulations, s.People, s.Documents, today)
	s.Accounts = account.New(db, today)
	s.Audit = audit.New(db)
	s.Reorganisations = reorganisation.New(db, s.Organisations, today)
	s.Reorganisations.OnEndorsement = s.People.Outdate
	return s, nil
}

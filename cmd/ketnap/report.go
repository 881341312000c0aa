package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"ketnap/internal/app"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
)

// termFigures is a term's report as the command prints it. The keys are a fixed interface.
type termFigures struct {
	Term                    string     `json:"term"`
	Organisation            string     `json:"organisation"`
	AsOf                    party.Date `json:"as_of"`
	OrganisationsWithMember int        `json:"organisations_with_members"`
	Classes                 int        `json:"classes"`
	Introduced              int        `json:"introduced"`
	Planned                 int        `json:"planned"`
	Certified               int        `json:"certified"`
	Proposed                int        `json:"proposed"`
	Admitted                int        `json:"admitted"`
	Recognised              int        `json:"recognised"`
	MembersNow              int        `json:"members_now"`
}

func runReport(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	term := f.String("term", "", "code of the term, such as 2020-2025 (the one of today)")
	org := f.String("org", "", "code of an organisation (the top)")
	asOf := f.String("as-of", "", "day of the report (today, at most the term's last day)")
	former := f.Bool("with-former", false, "with what was merged into the organisation, and what its own did elsewhere before")
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "term" {
		return p.misused(f, "say which report: term")
	}
	day, err := party.ParseDate(*asOf)
	if err != nil {
		return p.misused(f, "--as-of %q is not a day; write 2024-12-31 or 31/12/2024", *asOf)
	}
	return p.withServices(ctx, func(_ *postgres.DB, s *app.Services) error {
		r, err := s.Reports.TermAsSystem(ctx, report.TermQuery{Term: *term, AsOf: day, WithFormer: *former}, *org)
		if err != nil {
			return fmt.Errorf("report of term %q, organisation %q: %w", *term, *org, err)
		}
		figures := figuresOf(r)
		return p.print(figures, figures.write)
	})
}

func figuresOf(r report.Term) termFigures {
	return termFigures{Term: r.Term.Code, Organisation: r.Org.Code, AsOf: r.AsOf, OrganisationsWithMember: r.WithAny, Classes: r.Classes,
		Introduced: r.Counts[party.FigureIntroduced], Planned: r.Counts[party.FigurePlanned], Certified: r.Counts[party.FigureCertified],
		Proposed: r.Counts[party.FigureProposed], Admitted: r.Counts[party.FigureAdmitted], Recognised: r.Counts[party.FigureRecognised],
		MembersNow: r.Members()}
}

func (f termFigures) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(t, "term %s, organisation %s, as of %s\n", f.Term, f.Organisation, f.AsOf)
	for _, line := range []struct {
		name string
		n    int
	}{
		{"organisations with members", f.OrganisationsWithMember}, {"classes", f.Classes}, {"introduced", f.Introduced},
		{"planned", f.Planned}, {"certified", f.Certified}, {"proposed", f.Proposed}, {"admitted", f.Admitted},
		{"recognised", f.Recognised}, {"members now", f.MembersNow},
	} {
		_, _ = fmt.Fprintf(t, "%s\t%d\n", line.name, line.n)
	}
	return t.Flush()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"ketnap/internal/app"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// errDiffers is the end of a check that found something; what it was has been printed.
var errDiffers = errors.New("what is stored is not what the steps say")

// findings are what a check looked at and what differs.
type findings struct {
	People        []people.Difference `json:"people"`        // stored about somebody, not what the steps say
	Organisations []int32             `json:"organisations"` // whose stored way to the top is not what the tree says
	Counts        []string            `json:"counts"`        // kept counts that are not what is counted
	Submissions   []people.Difference `json:"submissions"`   // dossiers that do not stand where steps and moves say
	Warnings      []people.Difference `json:"warnings"`      // told of members, not what is recorded of them
	Documents     []people.Difference `json:"documents"`     // decisions, cases and papers that say otherwise than the steps
	Clean         bool                `json:"clean"`
	Checked       looked              `json:"checked"`
}

// looked is how much a check went through.
type looked struct {
	People        int `json:"people"`
	Organisations int `json:"organisations"`
	Counts        int `json:"counts"`
	Submissions   int `json:"submissions"`
	Members       int `json:"members"`
	Documents     int `json:"documents"`
}

func runCheck(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	repair := f.Bool("repair", false, "write anew what is stored about people first, as after a change of rules by hand")
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return p.misused(f, "unknown argument %q", rest[0])
	}
	return p.withServices(ctx, func(_ *postgres.DB, s *app.Services) error {
		if *repair {
			if err := s.People.Reproject(ctx); err != nil {
				return err
			}
		}
		found, err := check(ctx, s)
		if err != nil {
			return err
		}
		if err := p.print(found, found.write); err != nil {
			return err
		}
		if !found.Clean {
			return errDiffers
		}
		return nil
	})
}

// check recomputes every stored projection, and compares what documents say with the steps.
func check(ctx context.Context, s *app.Services) (found findings, err error) {
	if found.Checked.People, found.People, err = s.People.Examine(ctx); err != nil {
		return found, err
	}
	if found.Checked.Organisations, found.Organisations, err = s.Organisations.ExamineProjection(ctx); err != nil {
		return found, err
	}
	if found.Checked.Counts, found.Counts, err = s.Reports.ExamineCounts(ctx); err != nil {
		return found, err
	}
	if found.Checked.Submissions, found.Submissions, err = s.Submissions.Examine(ctx); err != nil {
		return found, err
	}
	if found.Checked.Members, found.Warnings, err = s.Warnings.Examine(ctx); err != nil {
		return found, err
	}
	for _, documents := range []func(context.Context) (int, []people.Difference, error){s.Decisions.Check, s.Departures.Check, s.Transfers.Check} {
		looked, differ, err := documents(ctx)
		if err != nil {
			return found, err
		}
		found.Checked.Documents, found.Documents = found.Checked.Documents+looked, append(found.Documents, differ...)
	}
	found.Clean = len(found.People)+len(found.Organisations)+len(found.Counts)+len(found.Submissions)+len(found.Warnings)+len(found.Documents) == 0
	return found, nil
}

func (f findings) write(w io.Writer) error {
	for _, d := range f.People {
		_, _ = fmt.Fprintf(w, "person %d: %s\n", d.PersonID, d.What)
	}
	for _, id := range f.Organisations {
		_, _ = fmt.Fprintf(w, "organisation %d: way to the top\n", id)
	}
	for _, what := range f.Counts {
		_, _ = fmt.Fprintf(w, "count of %s\n", what)
	}
	for _, d := range slices.Concat(f.Submissions, f.Warnings, f.Documents) {
		if d.PersonID == 0 { // a decision that names nobody
			_, _ = fmt.Fprintln(w, d.What)
			continue
		}
		_, _ = fmt.Fprintf(w, "person %d: %s\n", d.PersonID, d.What)
	}
	_, _ = fmt.Fprintf(w, "checked: %d people, %d organisations, %d submissions, %d members, %d documents, %d counts\n", f.Checked.People, f.Checked.Organisations,
		f.Checked.Submissions, f.Checked.Members, f.Checked.Documents, f.Checked.Counts)
	word := "clean"
	if !f.Clean {
		word = "differs"
	}
	_, err := fmt.Fprintf(w, "check: %s\n", word)
	return err
}

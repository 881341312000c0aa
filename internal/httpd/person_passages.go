package httpd

import (
	"fmt"
	"net/http"
	"slices"

	"ketnap/internal/people"
	"ketnap/web/ui"
)

// withPassages puts into the events of a person, the newest first, how he came to other cells by acts. An act
// comes before the steps of its day.
func (s *site) withPassages(r *http.Request, rec people.Record, events []ui.TimelineEvent) ([]ui.TimelineEvent, error) {
	ctx := r.Context()
	list, err := s.Reorganisations.OfPerson(ctx, viewerOf(r), rec.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		event := ui.TimelineEvent{ID: fmt.Sprintf("act-%d", p.ActID), Date: p.On, Title: ui.T(ctx, "person.passage."+string(p.Kind), "To", p.To),
			Facts:    []ui.Pair{{Label: ui.T(ctx, "person.passage.from"), Text: p.From}, {Label: ui.T(ctx, "reorganisation.decision"), Text: decisionWords(ctx, p.Decision)}},
			Recorded: ui.T(ctx, "person.recorded", "By", p.RecordedBy, "At", ui.Moment(ctx, p.RecordedAt))}
		at := slices.IndexFunc(events, func(e ui.TimelineEvent) bool { return e.Date.Before(p.On) })
		if at < 0 {
			at = len(events)
		}
		events = slices.Insert(events, at, event)
	}
	return events, nil
}

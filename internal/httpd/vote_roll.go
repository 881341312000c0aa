package httpd

import (
	"net/http"

	"ketnap/internal/party"
	"ketnap/web/ui"
)

// rollValues gives the numbers of a cell's vote that are known today, as they would be typed.
func (s *site) rollValues(r *http.Request, org int32) (map[string]string, error) {
	roll, err := s.Cells.Roll(r.Context(), viewerOf(r), org, s.Today())
	return map[string]string{string(party.VoteOfficial): typedNumber(roll.Official), string(party.VoteAway): typedNumber(roll.Away),
		string(party.VoteExemptAbsent): typedNumber(roll.Exempt)}, err
}

// rollText says what is known of a cell's official members on the day that was typed, or today; "" where
// nobody is.
func (s *site) rollText(r *http.Request, org int32, typed string) (string, error) {
	on, err := party.ParseDate(typed)
	if err != nil || on.IsZero() || on.After(s.Today()) {
		on = s.Today()
	}
	roll, err := s.Cells.Roll(r.Context(), viewerOf(r), org, on)
	if err != nil || roll.Official == 0 {
		return "", err
	}
	return ui.T(r.Context(), "steps.roll", "On", on, "Official", roll.Official, "Away", roll.Away, "Exempt", roll.Exempt), nil
}

// voteDoubts says where the numbers of a recorded vote differ from what is known of its day.
func (s *site) voteDoubts(r *http.Request, org int32, on party.Date, vote party.Vote) (list []string, err error) {
	ctx := r.Context()
	roll, doubts, err := s.Cells.Doubts(ctx, viewerOf(r), org, on, vote)
	written := map[party.VoteNumber]int{party.VoteOfficial: vote.Official, party.VoteAway: vote.Away, party.VoteExemptAbsent: vote.ExemptAbsent}
	known := map[party.VoteNumber]int{party.VoteOfficial: roll.Official, party.VoteAway: roll.Away, party.VoteExemptAbsent: roll.Exempt}
	for _, number := range doubts {
		list = append(list, ui.T(ctx, "steps.doubt."+string(number), "Written", written[number], "Known", known[number], "On", on))
	}
	return list, err
}

package party

import (
	"slices"
	"testing"
)

func TestStepsThatFitAState(t *testing.T) {
	t.Parallel()
	on := MustDate("2026-01-05")
	for name, tt := range map[string]struct {
		state    State
		fits     []StepKind
		fitsNone []StepKind
	}{
		"nobody yet": {State{}, []StepKind{Introduced, Planned, Received, Overridden}, []StepKind{Dropped, RecognitionResolution, Voided}},
		"planned":    {State{Planned: &Step{}}, []StepKind{Introduced, MentorAssigned, Dropped}, []StepKind{Planned, Received}},
		"decided":    {State{Planned: &Step{}, Decided: &Step{}}, []StepKind{Ceremony}, []StepKind{Dropped, Decided, Extended}},
		"proposed":   {State{Planned: &Step{}, Resolution: &Step{}}, []StepKind{Endorsed, Extended, Decided}, []StepKind{CellResolution}},
		"voted on":   {State{JoinedOn: on, RecognitionVote: &Step{}}, []StepKind{Extended, RecognitionDecision}, []StepKind{RecognitionResolution}},
		"on probation": {State{JoinedOn: on, Ceremony: &Step{}}, []StepKind{RecognitionResolution, RecognitionDecision, Overridden},
			[]StepKind{Introduced, ClassResult, Ceremony, Received, Dropped, Extended}},
		"official": {State{JoinedOn: on, OfficialOn: on}, nil, StepKinds},
	} {
		for _, k := range StepKinds {
			got := tt.state.Fits(k)
			if slices.Contains(tt.fits, k) && !got || slices.Contains(tt.fitsNone, k) && got {
				t.Errorf("%s: Fits(%s) = %v", name, k, got)
			}
		}
	}
}

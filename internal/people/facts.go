package people

import (
	"encoding/json"
	"fmt"

	"ketnap/internal/party"
)

// decoders read the facts of each kind of step from their stored form.
var decoders = map[party.StepKind]func([]byte) (party.Facts, error){
	party.Introduced:            decode[party.IntroductionFacts],
	party.Planned:               decode[party.PlanningFacts],
	party.MentorAssigned:        decode[party.MentorFacts],
	party.Remarked:              decode[party.RemarkFacts],
	party.ClassResult:           decode[party.ClassResultFacts],
	party.DossierComplete:       decode[party.DossierFacts],
	party.CellResolution:        decode[party.CellVoteFacts],
	party.Endorsed:              decode[party.EndorsementFacts],
	party.Extended:              decode[party.ExtensionFacts],
	party.Decided:               decode[party.DecisionFacts],
	party.Ceremony:              decode[party.CeremonyFacts],
	party.RecognitionResolution: decode[party.RecognitionVoteFacts],
	party.RecognitionDecision:   decode[party.RecognitionDecisionFacts],
	party.Dropped:               decode[party.DroppedFacts],
	party.Moved:                 decode[party.MovedFacts],
	party.MovedOut:              decode[party.MovedOutFacts],
	party.Left:                  decode[party.LeftFacts],
	party.Restored:              decode[party.RestoredFacts],
	party.RemovalVote:           decode[party.RemovalVoteFacts],
	party.Received:              decode[party.ReceivedFacts],
	party.Overridden:            decode[party.OverriddenFacts],
	party.Voided:                decode[party.VoidedFacts],
}

func decode[T party.Facts](b []byte) (party.Facts, error) {
	var f T
	err := json.Unmarshal(b, &f)
	return f, err
}

// DecodeFacts reads the facts of a kind of step from their stored form.
func DecodeFacts(kind party.StepKind, b []byte) (party.Facts, error) {
	d, ok := decoders[kind]
	if !ok {
		return nil, fmt.Errorf("facts of unknown kind %q", kind)
	}
	f, err := d(b)
	if err != nil {
		return nil, fmt.Errorf("facts of %s: %w", kind, err)
	}
	return f, nil
}

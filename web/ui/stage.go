package ui

import (
	"context"

	"ketnap/internal/party"
)

// stageIcons gives each stage its one icon. Its colour is the class stage-<name> in
// marks.css, its words the key ui.stage.<name>.
var stageIcons = map[party.Stage]Icon{
	party.StageRegistered:   "stage-registered",
	party.StageIntroduced:   "stage-introduced",
	party.StagePlanned:      "stage-planned",
	party.StageTrained:      "stage-trained",
	party.StageDossier:      "stage-dossier",
	party.StageProposed:     "stage-proposed",
	party.StageEndorsed:     "stage-endorsed",
	party.StageDecided:      "stage-decided",
	party.StageProbationary: "stage-probationary",
	party.StageOfficial:     "stage-official",
	party.StageDropped:      "stage-dropped",
	party.StageAway:         "stage-away",
	party.StageFormer:       "stage-former",
}

// StageIcon gives the icon of a stage.
func StageIcon(stage party.Stage) Icon { return stageIcons[stage] }

// StageName gives the words for a stage.
func StageName(ctx context.Context, stage party.Stage) string {
	return T(ctx, "ui.stage."+string(stage))
}

func toneWord(ctx context.Context, t Tone) string {
	switch t {
	case Good:
		return T(ctx, "ui.tone.good")
	case Warn:
		return T(ctx, "ui.tone.warn")
	case Bad:
		return T(ctx, "ui.tone.bad")
	}
	return T(ctx, "ui.tone.info")
}

package ui

import (
	"context"

	"github.com/a-h/templ"
)

func orDash(s string) string {
	if s == "" {
		return unknown
	}
	return s
}

func (s ConditionState) icon() Icon {
	switch s {
	case Met:
		return IconCheck
	case NotMet:
		return IconCross
	case Warns:
		return IconWarn
	}
	return IconQuestion
}

func conditionWord(ctx context.Context, s ConditionState) string {
	switch s {
	case Met:
		return T(ctx, "ui.condition.met")
	case NotMet:
		return T(ctx, "ui.condition.not_met")
	case Warns:
		return T(ctx, "ui.condition.warns")
	}
	return T(ctx, "ui.condition.unknown")
}

func (s StepState) icon() Icon {
	switch s {
	case StepDone:
		return IconCheck
	case StepCurrent:
		return IconClock
	case StepSkipped:
		return IconSkip
	}
	return ""
}

func stepWord(ctx context.Context, s StepState) string {
	switch s {
	case StepDone:
		return T(ctx, "ui.step.done")
	case StepCurrent:
		return T(ctx, "ui.step.current")
	case StepSkipped:
		return T(ctx, "ui.step.skipped")
	}
	return T(ctx, "ui.step.to_do")
}

func stepCurrent(s StepState) templ.Attributes {
	if s == StepCurrent {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

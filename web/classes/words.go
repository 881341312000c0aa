package classes

import (
	"context"

	"ketnap/web/ui"
)

func columnsOf(ctx context.Context, keys ...string) []ui.Column {
	out := make([]ui.Column, len(keys))
	for i, key := range keys {
		out[i] = ui.Column{Label: ui.T(ctx, key)}
	}
	return out
}

func meritValue(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func meritOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "no", Label: "–"}, {Value: "yes", Label: ui.T(ctx, "classes.marks.yes")}}
}

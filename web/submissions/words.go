package submissions

import (
	"context"

	"ketnap/web/ui"
)

func columnsOf(ctx context.Context, keys ...string) []ui.Column {
	list := make([]ui.Column, len(keys))
	for i, k := range keys {
		list[i].Label = ui.T(ctx, k)
	}
	return list
}

// reset gives the address of a tab without filters; empty when none is set.
func reset(f FilterView) string {
	if !f.Active {
		return ""
	}
	return "/submissions?tab=" + f.Tab
}

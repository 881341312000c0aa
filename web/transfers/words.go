package transfers

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

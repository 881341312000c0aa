package documents

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

func gridColumns(ctx context.Context, heads []Head) []ui.Column {
	list := columnsOf(ctx, "people.name", "documents.grid.count")
	for _, h := range heads {
		list = append(list, ui.Column{Label: h.Code})
	}
	return list
}

func pairsOf(heads []Head) []ui.Pair {
	list := make([]ui.Pair, len(heads))
	for i, h := range heads {
		list[i] = ui.Pair{Label: h.Code, Text: h.Title}
	}
	return list
}

func stateLabel(options []ui.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return ""
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

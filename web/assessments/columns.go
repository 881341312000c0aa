package assessments

import (
	"context"

	"ketnap/web/ui"
)

// watchColumns has the conclusion as the last column for who may write one.
func watchColumns(ctx context.Context, edit bool) []ui.Column {
	list := columnsOf(ctx, "assessments.sheet.name", "assessments.names.cell", "assessments.watches.year", "assessments.sheet.category", "assessments.watches.until")
	if edit {
		list = append(list, ui.Column{Label: ui.T(ctx, "assessments.watches.result")})
	}
	return list
}

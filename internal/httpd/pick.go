package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/ui"
)

// maxChosen bounds how many people a form may name.
const maxChosen = people.MaxBatch

// people gives whom a form names, each once.
func (f *form) people(name string) []int64 {
	ids, bad := idsOf(f.values[name])
	if bad || len(ids) > maxChosen {
		f.refuse(name, "errors.choice")
	}
	return ids
}

// queryPeople gives whom an address names.
func queryPeople(r *http.Request, name string) []int64 {
	ids, _ := idsOf(r.URL.Query()[name])
	return ids[:min(len(ids), maxChosen)]
}

// idsOf reads numbers of people; bad tells that some are none.
func idsOf(values []string) (ids []int64, bad bool) {
	for _, value := range values {
		id, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil || id < 1:
			bad = true
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids, bad
}

// pickRow begins the row of somebody who can be chosen.
func pickRow(ctx context.Context, tree *organisation.Snapshot, c people.Case) ui.PickRow {
	org, _ := tree.Known(c.OrgID)
	return ui.PickRow{Value: strconv.FormatInt(c.ID, 10), Label: c.FullName, Note: ui.Date(ctx, c.Person.BirthDate) + " · " + org.Name}
}

// openRecord leads from what speaks against somebody to his record.
func openRecord(ctx context.Context, id int64) *ui.LinkView {
	return &ui.LinkView{Label: ui.T(ctx, "decisions.open_person"), Href: personPath(id)}
}

// unmetOf puts what a gate has against somebody into words; nothing where all is met.
func unmetOf(ctx context.Context, id int64, v party.Verdict) []ui.Condition {
	list := slices.DeleteFunc(conditionsOf(ctx, v, nil), func(c ui.Condition) bool { return c.State == ui.Met })
	if !v.Passes() {
		list[0].Action = openRecord(ctx, id)
	}
	return list
}

// whyRefused gives the words for a row of a batch that was refused.
func whyRefused(ctx context.Context, err error) string {
	if v, refused := people.Refusal(err); refused {
		return conditionText(ctx, v.Refusals()[0])
	}
	if e := fault.As(err); e != nil {
		return ui.T(ctx, e.Key, e.Args...)
	}
	return ""
}

// batchErrors lists the refused rows of an act on many people, each beside its box; for any other
// error the fields that it refuses. rows tells the names.
func batchErrors(ctx context.Context, err error, rows []ui.PickRow) ui.Errors {
	result, ok := detailOf[people.BatchResult](err)
	if !ok {
		return ui.ErrorsOf(ctx, err)
	}
	var errs ui.Errors
	for _, r := range result.Rows {
		if r.Err == nil {
			continue
		}
		id := strconv.FormatInt(r.PersonID, 10)
		name := ui.T(ctx, "people.name") + " " + id
		if i := slices.IndexFunc(rows, func(row ui.PickRow) bool { return row.Value == id }); i >= 0 {
			name = rows[i].Label
		}
		errs = append(errs, ui.FieldError{Name: "people-" + id, Text: ui.T(ctx, "decisions.error.row", "Name", name, "Why", whyRefused(ctx, r.Err))})
	}
	return errs
}

// markRefused shows on each row why it was refused, where its gate does not say so already.
func markRefused(ctx context.Context, err error, rows []ui.PickRow) {
	result, ok := detailOf[people.BatchResult](err)
	if !ok {
		return
	}
	for _, r := range result.Rows {
		i := slices.IndexFunc(rows, func(row ui.PickRow) bool { return row.Value == fmt.Sprint(r.PersonID) })
		if r.Err == nil || i < 0 || slices.ContainsFunc(rows[i].Says, func(c ui.Condition) bool { return c.State == ui.NotMet }) {
			continue
		}
		why := ui.Condition{State: ui.NotMet, Text: whyRefused(ctx, r.Err), Action: openRecord(ctx, r.PersonID)}
		rows[i].Says = append([]ui.Condition{why}, rows[i].Says...)
	}
}

// columnsOf heads a list of which one chooses.
func columnsOf(ctx context.Context, keys ...string) []ui.Column {
	var out []ui.Column
	for _, key := range keys {
		out = append(out, ui.Column{Label: ui.T(ctx, key)})
	}
	return out
}

package httpd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

// What the trail speaks of, for its filters and its words.
var (
	auditActions = []string{"open", "register", "edit", "record", "create", "remove", "grant", "revoke", "disable", "enable", "rename",
		"reset_password", "change_password", "revoke_session", "sign_in", "set_up", "issue", "hold", "call_off", "gather", "introduce", "answer", "handed_in", "accepted",
		"returned", "handed_on", "withdrawn", "closed", "reopened"}
	// auditWords are where the words of values stand: kinds of steps, decisions and days, roles, fields
	auditWords    = []string{"step.", "accounts.roles.", "people.fields.", "decisions.kind.", "calendar.kinds.", "documents.stage."}
	auditEntities = []string{"person", "organisation", "term", "class", "rule", "calendar", "account", "installation", "decision", "ceremony", "introduction", "review", "submission"}
)

func (s *site) showAudit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	filter := audit.Filter{Username: queryText(r, "account"), Action: queryText(r, "action"), Entity: queryText(r, "entity"),
		EntityID: queryID(r, "id"), Day: queryDate(r, "day"), Before: queryID(r, "before")}
	rows, more, err := s.Audit.List(ctx, viewerOf(r), filter)
	if err != nil {
		return err
	}
	view := admin.AuditView{Account: filter.Username, Action: filter.Action, Actions: wordOptions(ctx, "audit.actions.", auditActions),
		Entity: filter.Entity, Kinds: wordOptions(ctx, "audit.entities.", auditEntities), Day: queryText(r, "day"),
		Unknown: queryOnly(r, "account", "action", "entity", "id", "day", "before")}
	if view.Day != "" && filter.Day.IsZero() {
		view.DayError = ui.T(ctx, "errors.date")
	}
	narrowed := []string{"account", filter.Username, "action", filter.Action, "entity", filter.Entity, "day", view.Day}
	if filter.EntityID != 0 {
		narrowed = append(narrowed, "id", strconv.FormatInt(filter.EntityID, 10))
	}
	if address("", narrowed...) != "" {
		view.Reset = "/admin/audit"
	}
	for _, row := range rows {
		view.Rows = append(view.Rows, auditRow(ctx, viewerOf(r), row))
	}
	if filter.Before != 0 {
		view.Pager.First = address("/admin/audit", narrowed...)
	}
	if more {
		view.Pager.Next = address("/admin/audit", append(narrowed, "before", strconv.FormatInt(rows[len(rows)-1].ID, 10))...)
	}
	return render(w, r, http.StatusOK, admin.Audit(s.pageOf(r, "accounts.audit.title"), view))
}

func auditRow(ctx context.Context, v access.Viewer, row audit.Row) admin.AuditRow {
	out := admin.AuditRow{At: ui.Moment(ctx, row.At), Who: row.Username, Action: wordOr(ctx, "audit.actions.", row.Action),
		Entity: wordOr(ctx, "audit.entities.", row.Entity), Org: row.OrgName, Request: row.RequestID}
	if row.AccountID == 0 {
		out.Who = ui.T(ctx, "audit.system")
	}
	if row.EntityID != 0 {
		out.Entity = fmt.Sprintf("%s %d", out.Entity, row.EntityID)
	}
	if row.Entity == "person" && v.May(access.PeopleRead) {
		out.Href = fmt.Sprintf("/people/%d", row.EntityID)
	}
	out.Detail = auditDetail(ctx, row.Detail)
	return out
}

// auditDetail puts the details of an entry into words, each name with its value; what a later version
// wrote stands as it is.
func auditDetail(ctx context.Context, detail string) string {
	var values map[string]any
	if json.Unmarshal([]byte(detail), &values) != nil {
		return detail
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		if value == nil || value == "" || value == 0.0 {
			continue // says nothing
		}
		parts = append(parts, wordOr(ctx, "audit.details.", name)+": "+auditValue(ctx, value))
	}
	return strings.Join(parts, "; ")
}

func auditValue(ctx context.Context, value any) string {
	switch v := value.(type) {
	case string:
		for _, words := range auditWords {
			if ui.Has(words + v) {
				return ui.T(ctx, words+v)
			}
		}
		return v
	case []any:
		var list []string
		for _, one := range v {
			list = append(list, auditValue(ctx, one))
		}
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(value)
}

// wordOr gives the words of a value of the trail; one that a later version wrote stands as it is.
func wordOr(ctx context.Context, prefix, value string) string {
	if ui.Has(prefix + value) {
		return ui.T(ctx, prefix+value)
	}
	return value
}

func wordOptions(ctx context.Context, prefix string, values []string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: ui.T(ctx, prefix+v)}
	}
	return out
}

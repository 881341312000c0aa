// Package audit keeps the trail of who did what and who opened whose record: writing an entry with
// the change it belongs to, sealing entries into a hash chain, verifying the chain, and the list
// that checkers read. What an entry may say is decided by its writers: identifiers, field names and
// kinds, never personal data.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"ketnap/internal/access"
	"ketnap/internal/postgres"
)

// Entry is one thing done. Action and Entity are short English words, such as "create" and
// "account"; Detail holds ids, field names and kinds only.
type Entry struct {
	Action   string
	Entity   string
	EntityID int64
	OrgID    int32 // where it belongs; 0 when to no organisation
	Detail   map[string]any
}

type requestKey struct{}

// WithRequestID gives a context whose entries carry the id of the request they came with.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID tells the id of the request of a context, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Write adds entries in the transaction of the change, so that neither can be without the other.
func Write(ctx context.Context, tx *postgres.Tx, v access.Viewer, entries ...Entry) error {
	for _, e := range entries {
		detail, err := detailOf(e)
		if err != nil {
			return err
		}
		if err := insertEntry(ctx, tx, v.AccountID, RequestID(ctx), e, detail); err != nil {
			return err
		}
	}
	return nil
}

func detailOf(e Entry) ([]byte, error) {
	if len(e.Detail) == 0 {
		return []byte("{}"), nil
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return nil, fmt.Errorf("audit %s %s: %w", e.Action, e.Entity, err)
	}
	return detail, nil
}

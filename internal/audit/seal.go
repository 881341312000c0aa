package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"ketnap/internal/postgres"
)

const (
	sealEvery = 3 * time.Second
	sealBatch = 500
	lastSeal  = 500 * time.Millisecond // how long the last sealing may take; what it leaves, the next start seals
)

// Sealer puts new entries into the hash chain.
type Sealer struct {
	db    *postgres.DB
	log   *slog.Logger
	floor int64 // below it everything is sealed, as far as this sealer knows
}

// NewSealer makes the sealer of a database. Any number of copies may run; they take turns.
func NewSealer(db *postgres.DB, log *slog.Logger) *Sealer { return &Sealer{db: db, log: log} }

// Run seals every few seconds until ctx ends, and once more then.
func (s *Sealer) Run(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSeal)
			defer cancel()
			s.sealAndLog(last)
			return
		case <-tick.C:
			s.sealAndLog(ctx)
		}
	}
}

func (s *Sealer) sealAndLog(ctx context.Context) {
	if _, err := s.Seal(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("sealing the audit trail failed", "err", err)
	}
}

// Seal puts all entries found into the chain and tells how many there were.
func (s *Sealer) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.sealOnce(ctx)
		total += n
		if err != nil || n < sealBatch {
			return total, err
		}
	}
}

func (s *Sealer) sealOnce(ctx context.Context) (n int, err error) {
	var floor int64
	err = s.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChain(ctx, tx); err != nil {
			return err
		}
		entries, err := selectUnsealed(ctx, tx, s.floor, sealBatch)
		if err != nil {
			return err
		}
		if n = len(entries); n < sealBatch { // all found: the next search may begin later
			if floor, err = settledFloor(ctx, tx); err != nil {
				return err
			}
		}
		return appendLinks(ctx, tx, entries)
	})
	if err != nil {
		return 0, fmt.Errorf("seal audit: %w", err)
	}
	s.floor = max(s.floor, floor)
	return n, nil
}

func appendLinks(ctx context.Context, tx *postgres.Tx, entries []sealed) error {
	if len(entries) == 0 {
		return nil
	}
	seq, hash, err := chainHead(ctx, tx)
	if err != nil {
		return err
	}
	links := make([][]any, len(entries))
	for i, e := range entries {
		seq++
		hash = next(hash, e)
		links[i] = []any{seq, e.id, hash}
	}
	return insertLinks(ctx, tx, links)
}

// next is the hash of a link: SHA-256 over the hash before it and the entry.
func next(previous []byte, e sealed) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(canonical(e))
	return h.Sum(nil)
}

// canonical writes an entry in the one form that the chain is computed over.
func canonical(e sealed) []byte {
	text, err := json.Marshal([]any{e.id, e.at.UTC().Format("2006-01-02T15:04:05.000000Z"), e.account,
		e.action, e.entity, e.entityID, e.org, e.request, e.detail})
	if err != nil {
		panic(err) // numbers and texts always have a JSON form
	}
	return text
}

// Result is what verifying the chain found.
type Result struct {
	Links    int64  `json:"links"`    // of the chain that hold
	Head     string `json:"head"`     // hash of the last one, to note down elsewhere
	Unsealed int64  `json:"unsealed"` // entries not yet in the chain
	Break    *Break `json:"break"`    // the first place that does not hold; nil when all hold
}

// Break is where the chain does not hold.
type Break struct {
	Seq     int64  `json:"seq"`
	EntryID int64  `json:"entry_id"`
	Reason  string `json:"reason"` // "missing link", "missing entry" or "changed entry"
}

// Verify recomputes the whole chain.
func Verify(ctx context.Context, db *postgres.DB) (Result, error) {
	var r Result
	err := db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		var hash []byte
		err := eachLink(ctx, tx, func(l link) bool {
			if r.Break = broken(l, r.Links+1, hash); r.Break != nil {
				return false
			}
			r.Links, hash = l.seq, l.hash
			return true
		})
		if err != nil {
			return err
		}
		r.Head = hex.EncodeToString(hash)
		r.Unsealed, err = countUnsealed(ctx, tx)
		return err
	})
	if err != nil {
		return Result{}, fmt.Errorf("verify audit: %w", err)
	}
	return r, nil
}

func broken(l link, seq int64, previous []byte) *Break {
	switch {
	case l.seq != seq:
		return &Break{Seq: seq, Reason: "missing link"}
	case l.entry == nil:
		return &Break{Seq: l.seq, EntryID: l.entryID, Reason: "missing entry"}
	case !bytes.Equal(next(previous, *l.entry), l.hash):
		return &Break{Seq: l.seq, EntryID: l.entryID, Reason: "changed entry"}
	}
	return nil
}

package people

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// MaxBatch bounds how many people one act may move.
const MaxBatch = 500

// Batch is one act for many people, such as a resolution that introduces thirty. The keys of its
// steps are not looked at.
type Batch struct {
	Key      string // idempotency key of the form
	Steps    []NewStep
	KeepGood bool // rows that pass are kept although others are refused
}

// BatchRow is what became of one step of a batch.
type BatchRow struct {
	PersonID int64
	StepID   int64
	Verdict  party.Verdict
	Err      error // why it was refused; nil where it was recorded
}

// BatchResult is what became of a batch, in the order of its steps. Rows is empty where the form was
// sent a second time.
type BatchResult struct {
	Done int
	Rows []BatchRow
}

// RecordAll records a batch in one transaction, each step asked of its gate. Where a row is refused
// nothing is recorded, unless the good rows are to be kept and there are some; the fault.Invalid then
// carries the BatchResult as its detail.
func (s *Service) RecordAll(ctx context.Context, v access.Viewer, in Batch) (BatchResult, error) {
	if len(in.Steps) == 0 || len(in.Steps) > MaxBatch {
		return BatchResult{}, fault.NewInvalid("steps.error.batch_size", "Max", MaxBatch)
	}
	var out BatchResult
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if again {
			out.Done, err = strconv.Atoi(done)
			return err
		}
		if out, err = s.RecordAllIn(ctx, tx, v, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.Itoa(out.Done))
	})
	return out, err
}

// RecordAllIn is RecordAll within the caller's transaction; the key is not looked at.
func (s *Service) RecordAllIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Batch) (BatchResult, error) {
	out := BatchResult{Rows: make([]BatchRow, len(in.Steps))}
	for _, i := range lockOrder(in.Steps) {
		row, step := &out.Rows[i], in.Steps[i]
		row.PersonID = step.PersonID
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			done, err := s.RecordIn(ctx, tx, v, step)
			row.StepID, row.Verdict = done.StepID, done.Verdict
			return err
		})
		if row.Err == nil {
			out.Done++
		} else if fault.As(row.Err) == nil {
			return out, row.Err // no refusal: the database failed, and the whole act with it
		}
	}
	if out.Done == len(in.Steps) || in.KeepGood && out.Done > 0 {
		return out, nil
	}
	refusal := out
	refusal.Done = 0
	return refusal, fault.NewInvalid("steps.error.batch").With(refusal)
}

// lockOrder gives the order in which the people are locked: that of their numbers, so that two
// batches never wait for each other.
func lockOrder(steps []NewStep) []int {
	order := make([]int, len(steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(steps[a].PersonID, steps[b].PersonID) })
	return order
}

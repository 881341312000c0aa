package people

import (
	"context"
	"time"

	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// Stale says that somebody else saved the record in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

// anyVersion stands for whichever version is current: an act on many people was not made from what
// each one's page showed.
const anyVersion = -1

// fresh refuses a change made from a version that is not the newest any more.
func (s *Service) fresh(ctx context.Context, tx *postgres.Tx, p tracked, version int) error {
	if version == p.version || version == anyVersion {
		return nil
	}
	by, at, err := selectLastChange(ctx, tx, p.id)
	if err != nil {
		return err
	}
	return fault.NewConflict("people.error.stale", "By", by, "At", at).With(Stale{by, at})
}

// changedFields names the fields that differ, for the audit; never their values.
func changedFields(a, b Fields) []string {
	var out []string
	differ := func(name string, yes bool) {
		if yes {
			out = append(out, name)
		}
	}
	texts := b.texts()
	for i, t := range a.texts() {
		differ(t.name, *t.value != *texts[i].value)
	}
	differ("category", a.Category != b.Category)
	differ("sex", a.Sex != b.Sex)
	differ("birth_date", a.BirthDate != b.BirthDate)
	differ("education", a.Education != b.Education)
	differ("union_joined_on", a.UnionJoinedOn != b.UnionJoinedOn)
	differ("personal_no", a.PersonalNo != b.PersonalNo)
	return out
}

package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
)

var staff = access.Viewer{AccountID: 7, Username: "staff"}

func TestATransactionCarriesItsViewer(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	var account, user string
	look := func(ctx context.Context, tx *Tx) error {
		return tx.QueryRow(ctx, `select current_setting('ketnap.account', true), current_user`).Scan(&account, &user)
	}
	type opener func(func(context.Context, *Tx) error) error
	for name, c := range map[string]struct {
		open opener
		want string
	}{
		"write":        {func(f func(context.Context, *Tx) error) error { return db.Write(t.Context(), staff, f) }, "7"},
		"read":         {func(f func(context.Context, *Tx) error) error { return db.Read(t.Context(), staff, f) }, "7"},
		"audited read": {func(f func(context.Context, *Tx) error) error { return db.ReadAudited(t.Context(), staff, f) }, "7"},
		"nobody":       {func(f func(context.Context, *Tx) error) error { return db.Read(t.Context(), access.Viewer{}, f) }, "0"},
		"system write": {func(f func(context.Context, *Tx) error) error { return db.WriteSystem(t.Context(), f) }, "system"},
		"system read":  {func(f func(context.Context, *Tx) error) error { return db.ReadSystem(t.Context(), f) }, "system"},
	} {
		if err := c.open(look); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if account != c.want || user != AppRole {
			t.Errorf("%s: account %q as %q, want %q as %q", name, account, user, c.want, AppRole)
		}
	}
	if err := db.pool.QueryRow(t.Context(), `select coalesce(current_setting('ketnap.account', true), '')`).Scan(&account); err != nil {
		t.Fatal(err)
	}
	if account != "" {
		t.Errorf("the viewer %q stays on the connection after the transaction", account)
	}
}

func TestAReadCannotWriteButAnAuditedOneCan(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	claim := func(ctx context.Context, tx *Tx) error {
		_, _, err := tx.Once(ctx, uuid.NewString())
		return err
	}
	if err := db.Read(t.Context(), staff, claim); err == nil {
		t.Error("a read wrote")
	}
	if err := db.ReadAudited(t.Context(), staff, claim); err != nil {
		t.Errorf("an audited read could not write: %v", err)
	}
}

func TestTheApplicationsRoleIsBoundByRowSecurity(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	if err := db.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := db.pool.Exec(t.Context(), `create table mine (n int)`); err == nil {
		t.Error("the application may make tables")
	}
}

func TestADatabaseUserWhoOwnsTheTablesServesAsTheApplication(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	url := shared.cluster.url(OwnerRole, db.owner.Database)
	as, err := open(Config{Log: db.log}, url, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer as.pool.Close()
	if err := as.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAFailedUnitOfWorkLeavesNothing(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	refused := fault.NewInvalid("test.refused")
	key := uuid.NewString()
	err := db.Write(t.Context(), staff, func(ctx context.Context, tx *Tx) error {
		if _, _, err := tx.Once(ctx, key); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Fatalf("got %v", err)
	}
	if done := claimed(t, db, key); done {
		t.Error("the key of a refused form stays claimed")
	}
}

func claimed(t *testing.T, db *DB, key string) (done bool) {
	t.Helper()
	err := db.Write(t.Context(), staff, func(ctx context.Context, tx *Tx) (err error) {
		_, done, err = tx.Once(ctx, key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestADoubleClickRecordsOnceAndBothGetTheResult(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	key := uuid.NewString()
	var mu sync.Mutex
	recorded, results := 0, map[string]int{}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			var result string
			err := db.Write(t.Context(), staff, func(ctx context.Context, tx *Tx) error {
				before, done, err := tx.Once(ctx, key)
				if err != nil || done {
					result = before
					return err
				}
				mu.Lock()
				recorded++
				mu.Unlock()
				result = "/people/1"
				return tx.Done(ctx, key, result)
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			results[result]++
		})
	}
	all.Wait()
	if recorded != 1 || results["/people/1"] != 10 {
		t.Errorf("recorded %d times, results %v", recorded, results)
	}
}

func TestSomebodyElsesKeyAndAKeyThatIsNoneAreRefused(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	key := uuid.NewString()
	claimed(t, db, key)
	once := func(v access.Viewer, key string) error {
		return db.Write(t.Context(), v, func(ctx context.Context, tx *Tx) error {
			_, _, err := tx.Once(ctx, key)
			return err
		})
	}
	if err := once(access.Viewer{AccountID: 8}, key); fault.KindOf(err) != fault.Invalid {
		t.Errorf("another account's key: %v", err)
	}
	if err := once(staff, "'; drop table"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no key at all: %v", err)
	}
}

func TestTransactionsThatLostARaceRunAgain(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	makeCounter(t, db)
	var all sync.WaitGroup
	var both sync.WaitGroup
	both.Add(2)
	for _, order := range [][2]int{{1, 2}, {2, 1}} {
		all.Go(func() {
			first := true
			err := db.Write(t.Context(), staff, func(ctx context.Context, tx *Tx) error {
				if _, err := tx.Exec(ctx, `update counter set n = n + 1 where id = $1`, order[0]); err != nil {
					return err
				}
				if first { // both hold one row and want the other: one must give way
					first = false
					both.Done()
					both.Wait()
				}
				_, err := tx.Exec(ctx, `update counter set n = n + 1 where id = $1`, order[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var sum int
	if err := db.pool.QueryRow(t.Context(), `select sum(n) from counter`).Scan(&sum); err != nil || sum != 4 {
		t.Errorf("sum %d, %v; want 4", sum, err)
	}
}

func makeCounter(t *testing.T, db *DB) {
	t.Helper()
	owner, err := db.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.Background()) }()
	_, err = owner.Exec(t.Context(), `
		create table counter (id int primary key, n int not null default 0);
		insert into counter (id) values (1), (2);
		grant select, update on counter to ketnap_app`)
	if err != nil {
		t.Fatal(err)
	}
}

func TestABrokenConnectionIsUnavailableAndTheNextTryWorks(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	err := db.Write(t.Context(), staff, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, `select pg_terminate_backend(pg_backend_pid())`)
		return err
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a broken connection is %v (%v)", fault.KindOf(err), err)
	}
	if claimed(t, db, uuid.NewString()) {
		t.Error("a new key was used before")
	}
}

func TestIdleConnectionsThatDiedAreReplaced(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	claimed(t, db, uuid.NewString())
	owner, err := db.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.Background()) }()
	_, err = owner.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`)
	if err != nil {
		t.Fatal(err)
	}
	if claimed(t, db, uuid.NewString()) {
		t.Error("a new key was used before")
	}
}

func TestStatementsAreCountedWithoutTheTransactionsOwn(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	ctx, counted := CountQueries(t.Context())
	err := db.Read(ctx, staff, func(ctx context.Context, tx *Tx) error {
		for range 3 {
			if _, err := tx.Exec(ctx, `select 1 where $1`, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || counted() != 3 {
		t.Errorf("counted %d, %v; want 3", counted(), err)
	}
}

func TestDatesGoThereAndBackAndTheUnknownOneIsNull(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	for _, want := range []party.Date{{}, party.MustDate("1945-08-19"), party.MustDate("2024-02-29"), {Year: 1, Month: 1, Day: 1}} {
		var got party.Date
		var null bool
		var text *string
		err := db.pool.QueryRow(t.Context(), `select $1::date, $1::date is null, to_char($1::date, 'YYYY-MM-DD')`, want).
			Scan(&got, &null, &text)
		if err != nil {
			t.Fatal(err)
		}
		if got != want || null != want.IsZero() || (text != nil && *text != want.String()) {
			t.Errorf("%v came back as %v, null %v, text %v", want, got, null, text)
		}
	}
	if err := db.pool.QueryRow(t.Context(), `select $1::date`, party.Date{Year: 2023, Month: 2, Day: 29}).Scan(new(party.Date)); err == nil {
		t.Error("a day that does not exist was stored")
	}
}

func TestListsOfDatesGoThereAndBack(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	want := []party.Date{party.MustDate("2024-09-01"), {}, party.MustDate("2025-01-31")}
	var got []party.Date
	if err := db.pool.QueryRow(t.Context(), `select $1::date[]`, want).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, want %v", got, want)
	}
}

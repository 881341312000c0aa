package account_test

import (
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
)

func TestASessionBringsTheGrantsInForceToday(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	begin(t, h, "bithu.ltt", "device")
	s := open(t, h, "device")
	if s == nil || s.Viewer.Username != "bithu.ltt" || len(s.Viewer.Grants) != 1 || s.Viewer.Grants[0].OrgID != h.Org("LTT") || s.OrgName != "Chi bộ LTT" {
		t.Fatalf("session %+v", s)
	}
	change := changeOf(t, h, "bithu.ltt")
	must(t, h.Accounts.Grant(t.Context(), h.Viewer("quantri"), change, account.NewGrant{Role: access.Checker, OrgID: h.Org("GD"),
		From: h.Now().AddDays(1), Until: h.Now().AddDays(2)}))
	if got := open(t, h, "device").Viewer; got.May(access.AuditRead) {
		t.Error("a grant holds before its first day")
	}
	h.SetToday(h.Now().AddDays(1))
	if got := open(t, h, "device").Viewer; !got.May(access.AuditRead) {
		t.Error("a grant does not hold on its first day")
	}
	h.SetToday(h.Now().AddDays(1))
	if got := open(t, h, "device").Viewer; got.May(access.AuditRead) {
		t.Error("a grant holds after its last day")
	}
	for _, g := range find(t, h, "bithu.ltt").Grants {
		must(t, h.Accounts.Revoke(t.Context(), h.Viewer("quantri"), changeOf(t, h, "bithu.ltt"), g.ID))
	}
	if got := open(t, h, "device").Viewer; len(got.Grants) != 0 {
		t.Errorf("revoked, and still %+v", got.Grants)
	}
}

func TestASessionEndsUnusedAfterTwelveHoursAndAnywayAfterThirtyDays(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := begin(t, h, "bithu.ltt", "device")
	move := func(seen, created, expires string) {
		execute(t, h.DB, `update sessions set seen_at = now() - $2::interval, created_at = now() - $3::interval,
			expires_at = now() + $4::interval where id = $1`, id, seen, created, expires)
	}
	lasts := func(interval string) (yes bool) {
		t.Helper()
		lookUp(t, h.DB, []any{&yes}, `select expires_at > now() + $2::interval from sessions where id = $1`, id, interval)
		return yes
	}
	move("2 minutes", "1 hour", "1 hour")
	if open(t, h, "device") == nil || !lasts("11 hours 59 minutes") || lasts("12 hours 1 minute") {
		t.Error("use does not prolong a session by twelve hours")
	}
	move("2 minutes", "719 hours", "30 minutes")
	if open(t, h, "device") == nil || lasts("1 hour 1 minute") {
		t.Error("a session is prolonged beyond thirty days")
	}
	move("2 minutes", "13 hours", "-1 second")
	if open(t, h, "device") != nil {
		t.Error("a session that has ended opens")
	}
	must(t, h.Accounts.Clean(t.Context()))
	var left int
	lookUp(t, h.DB, []any{&left}, `select count(*) from sessions`)
	if left != 0 {
		t.Errorf("%d sessions that have ended are kept", left)
	}
}

func TestOneEndsOnesOwnSessionsAndNobodyElses(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	here, there := begin(t, h, "bithu.ltt", "here"), begin(t, h, "bithu.ltt", "there")
	begin(t, h, "bithu.ltt", "third")
	other := begin(t, h, "bithu.nth", "other")
	v := h.Viewer("bithu.ltt")
	list, err := h.Accounts.Sessions(t.Context(), v)
	must(t, err)
	if len(list) != 3 {
		t.Errorf("lists %d devices", len(list))
	}
	mustBe(t, h.Accounts.RevokeSession(t.Context(), v, other), fault.NotFound, "")
	must(t, h.Accounts.RevokeSession(t.Context(), v, there))
	mustBe(t, h.Accounts.RevokeSession(t.Context(), v, there), fault.NotFound, "")
	if open(t, h, "there") != nil || open(t, h, "third") == nil || open(t, h, "other") == nil {
		t.Error("another session than the one named has ended")
	}
	must(t, h.Accounts.RevokeOtherSessions(t.Context(), v, here))
	if open(t, h, "here") == nil || open(t, h, "third") != nil || open(t, h, "other") == nil {
		t.Error("other sessions than one's own others have ended")
	}
}

func TestADisabledAccountLosesItsSessions(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	begin(t, h, "bithu.ltt", "before")
	must(t, h.Accounts.Disable(t.Context(), h.Viewer("quantri"), changeOf(t, h, "bithu.ltt")))
	begin(t, h, "bithu.ltt", "begun in the same moment")
	if open(t, h, "before") != nil || open(t, h, "begun in the same moment") != nil {
		t.Error("a session of a disabled account opens")
	}
	must(t, h.Accounts.Enable(t.Context(), h.Viewer("quantri"), changeOf(t, h, "bithu.ltt")))
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere))
	if open(t, h, "before") != nil {
		t.Error("an old session comes back")
	}
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	const chosen = "hoa sen tren ho Tay"
	here := begin(t, h, "bithu.ltt", "here")
	begin(t, h, "bithu.ltt", "there")
	begin(t, h, "bithu.nth", "other")
	change := account.PasswordChange{Current: apptest.Password, New: chosen, Again: chosen, Session: here}
	must(t, h.Accounts.ChangePassword(t.Context(), h.Viewer("bithu.ltt"), change, elsewhere))
	if open(t, h, "here") == nil || open(t, h, "there") != nil || open(t, h, "other") == nil {
		t.Error("not exactly one's other sessions have ended")
	}
	var acts string
	lookUp(t, h.DB, []any{&acts}, `select coalesce(string_agg(action, ' '), '') from audit_entries where account_id = $1`, h.Viewer("bithu.ltt").AccountID)
	if acts != "change_password" {
		t.Errorf("the audit tells of %q", acts)
	}
	mustBe(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere), fault.Invalid, "account.error.sign_in")
	must(t, signIn(t, h, "bithu.ltt", chosen, elsewhere))
}

func TestAOneTimePasswordIsOneTime(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	issued, err := h.Accounts.Reset(t.Context(), h.Viewer("quantri"), changeOf(t, h, "bithu.ltt"))
	must(t, err)
	begin(t, h, "bithu.ltt", "device")
	if s := open(t, h, "device"); s == nil || !s.MustChange {
		t.Fatalf("session %+v", s)
	}
	change := account.PasswordChange{Current: issued.Password, New: "hoa sen tren ho Tay", Again: "hoa sen tren ho Tay"}
	must(t, h.Accounts.ChangePassword(t.Context(), h.Viewer("bithu.ltt"), change, elsewhere))
	if find(t, h, "bithu.ltt").MustChange {
		t.Error("a password of one's own choice must be changed")
	}
}

func TestWhichNewPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, c := range []struct{ current, chosen, again, field, key string }{
		{"", "hoa sen tren ho", "hoa sen tren ho", "current", "account.error.current_empty"},
		{"sai mat khau", "hoa sen tren ho", "hoa sen tren ho", "current", "account.error.current"},
		{apptest.Password, "", "", "new", "account.error.password_short"},
		{apptest.Password, "chín chữ!", "chín chữ!", "new", "account.error.password_short"},
		{apptest.Password, "MatKhau123", "MatKhau123", "new", "account.error.password_common"},
		{apptest.Password, "zzzzzzzzzzzz", "zzzzzzzzzzzz", "new", "account.error.password_common"},
		{apptest.Password, "Bithu.LTT-1", "Bithu.LTT-1", "new", "account.error.password_username"},
		{apptest.Password, apptest.Password, apptest.Password, "new", "account.error.password_same"},
		{apptest.Password, "hoa sen tren ho", "hoa sen tren Ho", "again", "account.error.password_again"},
	} {
		err := h.Accounts.ChangePassword(t.Context(), h.Viewer("bithu.ltt"),
			account.PasswordChange{Current: c.current, New: c.chosen, Again: c.again}, elsewhere)
		mustRefuse(t, err, c.field, c.key)
	}
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere))
}

func TestTryingThePresentPasswordLocksLikeSigningIn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	wrong := account.PasswordChange{Current: "sai mat khau", New: "hoa sen tren ho", Again: "hoa sen tren ho"}
	for range 5 {
		mustRefuse(t, h.Accounts.ChangePassword(t.Context(), h.Viewer("bithu.ltt"), wrong, elsewhere), "current", "account.error.current")
	}
	wrong.Current = apptest.Password
	mustBe(t, h.Accounts.ChangePassword(t.Context(), h.Viewer("bithu.ltt"), wrong, elsewhere), fault.TooMany, "account.error.locked")
}

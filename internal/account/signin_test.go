package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
)

func TestAWrongNameAWrongPasswordAndADisabledAccountGetOneAnswer(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	must(t, h.Accounts.Disable(t.Context(), access.System, changeOf(t, h, "bithu.nth")))
	for username, password := range map[string]string{
		"bithu.ltt":                   "sai mat khau",
		"khongcoai":                   apptest.Password,
		"bithu.nth":                   apptest.Password,
		"không có ai":                 apptest.Password,
		strings.Repeat("a", 63) + "ế": apptest.Password,
		strings.Repeat("ế", 1<<16):    apptest.Password,
		"lanhdao":                     strings.Repeat("x", 1<<20),
	} {
		mustBe(t, signIn(t, h, username, password, elsewhere), fault.Invalid, "account.error.sign_in")
	}
	mustBe(t, signIn(t, h, "bithu.ltt", "", elsewhere), fault.Invalid, "account.error.sign_in_empty")
	mustBe(t, signIn(t, h, " ", apptest.Password, elsewhere), fault.Invalid, "account.error.sign_in_empty")
}

func TestAUsernameMayBeTypedInCapitals(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	must(t, signIn(t, h, " BiThu.LTT ", apptest.Password, elsewhere))
}

func TestFiveWrongPasswordsLockTheAccountForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	wrong := func(username string, times int) {
		for i := range times {
			address := fmt.Sprintf("198.51.100.%d", i)
			mustBe(t, signIn(t, h, username, "sai mat khau", address), fault.Invalid, "account.error.sign_in")
		}
	}
	wrong("bithu.ltt", 4)
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere)) // which begins the count anew
	wrong("bithu.ltt", 5)
	err := signIn(t, h, "bithu.ltt", apptest.Password, elsewhere)
	mustBe(t, err, fault.TooMany, "account.error.locked")
	if wait, ok := fault.As(err).Detail.(time.Duration); !ok || wait <= 0 || wait > 15*time.Minute {
		t.Errorf("wait %v", wait)
	}
	must(t, signIn(t, h, "bithu.nth", apptest.Password, elsewhere))

	wrong("khongcoai", 5) // a name that no account has is locked like one that has
	mustBe(t, signIn(t, h, "khongcoai", apptest.Password, elsewhere), fault.TooMany, "account.error.locked")

	execute(t, h.DB, `update sign_in_failures set at = at - interval '15 minutes'`)
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere))
}

func TestThirtyWrongPasswordsLockTheAddress(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	const school = "203.0.113.9"
	for i := range 30 {
		mustBe(t, signIn(t, h, fmt.Sprintf("hoc.sinh%d", i), "sai mat khau", school), fault.Invalid, "account.error.sign_in")
	}
	mustBe(t, signIn(t, h, "bithu.ltt", apptest.Password, school), fault.TooMany, "account.error.locked")
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere))
	mustBe(t, signIn(t, h, "bithu.ltt", apptest.Password, school), fault.TooMany, "account.error.locked")
	execute(t, h.DB, `update sign_in_failures set at = at - interval '15 minutes'`)
	must(t, signIn(t, h, "bithu.ltt", apptest.Password, school))
}

func TestAResetEndsTheLockout(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for range 5 {
		mustBe(t, signIn(t, h, "bithu.ltt", "sai mat khau", elsewhere), fault.Invalid, "")
	}
	begin(t, h, "bithu.ltt", "old device")
	issued, err := h.Accounts.Reset(t.Context(), h.Viewer("quantri"), changeOf(t, h, "bithu.ltt"))
	must(t, err)
	must(t, signIn(t, h, "bithu.ltt", issued.Password, elsewhere))
	mustBe(t, signIn(t, h, "bithu.ltt", apptest.Password, elsewhere), fault.Invalid, "account.error.sign_in")
	if open(t, h, "old device") != nil {
		t.Error("a session survives the reset")
	}
	if !find(t, h, "bithu.ltt").MustChange {
		t.Error("a password that somebody else knows need not be changed")
	}
}

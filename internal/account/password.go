package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"ketnap/internal/fault"
)

// The cost of a password: OWASP's second choice for argon2id, about 25 ms of one processor.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	minPassword = 10  // characters
	maxPassword = 256 // characters; more would only cost time
)

// hasher bounds how many passwords are computed at once, so that many sign-ins together take
// longer but no more memory.
type hasher struct {
	slots chan struct{}
	dummy func() string // hash of no account's password
}

func newHasher() *hasher {
	return &hasher{
		slots: make(chan struct{}, max(2, runtime.NumCPU())),
		dummy: sync.OnceValue(func() string {
			hash, err := argon2id.CreateHash(rand.Text(), cost)
			if err != nil {
				panic(err) // no randomness: nothing may go on
			}
			return hash
		}),
	}
}

// take waits for a slot; give returns it.
func (h *hasher) take(ctx context.Context) (give func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fault.NewUnavailable(ctx.Err())
	}
}

func (h *hasher) make(ctx context.Context, password string) (string, error) {
	give, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer give()
	return Hash(password)
}

// matches compares in the caller's slot. An empty hash is that of an account which does not
// exist: it takes as long and never matches.
func (h *hasher) matches(password, hash string) (bool, error) {
	exists := hash != ""
	if !exists {
		hash = h.dummy()
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return ok && exists, nil
}

// Hash gives the stored form of a password. Demo data and imports hash one password once.
func Hash(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, cost)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// common are passwords of ten and more characters that everybody tries first, folded.
var common = map[string]bool{
	"1234567890": true, "12345678910": true, "0123456789": true, "0987654321": true, "1234567891": true,
	"123456789a": true, "a123456789": true, "1111111111": true, "0000000000": true, "1q2w3e4r5t": true,
	"qwertyuiop": true, "qwerty12345": true, "qwerty123456": true, "asdfghjkl;": true, "1qaz2wsx3edc": true,
	"password123": true, "password1234": true, "password12": true, "passw0rd123": true, "administrator": true,
	"matkhau123": true, "matkhau1234": true, "matkhau12345": true, "vietnam123": true, "vietnam2024": true,
	"vietnam2025": true, "hochiminh123": true, "hochiminh1": true, "dangcongsan": true, "dangvien123": true,
	"ketnapdang": true, "anhyeuem123": true, "emyeuanh123": true, "iloveyou123": true, "abc1234567": true,
	"abcd123456": true, "abcdefghij": true, "abc123456789": true, "aa123456789": true, "admin123456": true,
	"1234512345": true, "123123123123": true, "11223344556": true, "9876543210": true, "tuyengiao123": true,
}

// checkPassword refuses a password that is short, the username, or one that everybody tries.
func checkPassword(field, password, username string) []fault.Field {
	folded := strings.ToLower(password)
	refuse := func(key string, args ...any) []fault.Field {
		return []fault.Field{{Name: field, Key: key, Args: args}}
	}
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return refuse("account.error.password_short", "Min", minPassword)
	case n > maxPassword:
		return refuse("errors.too_long", "Max", maxPassword)
	case username != "" && strings.Contains(folded, username) && n < len(username)+6:
		return refuse("account.error.password_username")
	case common[folded], sameCharacter(folded):
		return refuse("account.error.password_common")
	}
	return nil
}

func sameCharacter(s string) bool { return strings.Trim(s, s[:1]) == "" }

// oneTimePassword makes a password to be told to its owner once: four groups of four letters and
// digits, without those that look alike.
func oneTimePassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(r)%len(letters)])
	}
	return b.String()
}

// Hash makes the hash that Provision is given, once for many accounts.
func (s *Service) Hash(ctx context.Context, password string) (string, error) {
	return s.hash.make(ctx, password)
}

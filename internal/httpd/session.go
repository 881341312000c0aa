package httpd

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"

	"ketnap/internal/account"
)

// sessionStore is a gorilla/sessions store on the table of sessions. The cookie holds a random
// token and nothing else; the table holds the token's SHA-256. There are no sessions without an
// account, so that visitors cannot fill the table.
type sessionStore struct {
	accounts *account.Service
	secure   bool
	address  func(*http.Request) string
}

var _ sessions.Store = (*sessionStore)(nil)

// accountKey is where a session holds the account it belongs to; it is not stored with the data.
type accountKey struct{}

// cookie is the cookie's name; the prefix makes browsers insist on HTTPS and this host.
func (s *sessionStore) cookie() string {
	if s.secure {
		return "__Host-ketnap"
	}
	return "ketnap"
}

// Get gives the request's session, loaded once.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New loads the session of the request's cookie, or gives an empty one.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(account.SessionMax.Seconds())}
	token := cookieOf(r, name)
	if token == "" {
		return session, nil
	}
	found, err := s.accounts.OpenSession(r.Context(), hashOf(token))
	if err != nil || found == nil {
		return session, err
	}
	session.IsNew = false
	session.ID = token
	session.Values[accountKey{}] = found
	for name, value := range decodeData(found.Data) {
		session.Values[name] = value
	}
	return session, nil
}

// Save stores the session's data. Signing in is begin; signing out is Options.MaxAge < 0.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	found, ok := session.Values[accountKey{}].(*account.Session)
	if !ok {
		return nil
	}
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return s.accounts.EndSession(r.Context(), found.ID)
	}
	return s.accounts.SaveSession(r.Context(), found.ID, encodeData(session.Values))
}

// begin makes a new session under a new token for an account that has just proved itself, and ends
// the one the browser came with: a token known before signing in is worth nothing after.
func (s *sessionStore) begin(w http.ResponseWriter, r *http.Request, session *sessions.Session, accountID int64) (*account.Session, error) {
	token := rand.Text() + rand.Text()
	device := account.Device{UserAgent: cleaned(r.UserAgent()), Address: s.address(r)}
	_, err := s.accounts.StartSession(r.Context(), accountID, hashOf(token), []byte{}, device)
	if err != nil {
		return nil, err
	}
	if old, ok := session.Values[accountKey{}].(*account.Session); ok {
		if err := s.accounts.EndSession(r.Context(), old.ID); err != nil {
			return nil, err
		}
	}
	begun, err := s.accounts.OpenSession(r.Context(), hashOf(token))
	if err != nil || begun == nil {
		return nil, errors.Join(err, errNotFound)
	}
	clear(session.Values)
	session.Values[accountKey{}] = begun
	http.SetCookie(w, sessions.NewCookie(session.Name(), token, session.Options))
	return begun, nil
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// encodeData writes the values with a text name and a text value.
func encodeData(values map[any]any) []byte {
	data := map[string]string{}
	for k, v := range values {
		name, isName := k.(string)
		value, isText := v.(string)
		if isName && isText {
			data[name] = value
		}
	}
	if len(data) == 0 {
		return []byte{}
	}
	text, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("httpd: session data: %v", err)) // texts always have a JSON form
	}
	return text
}

func decodeData(data []byte) map[string]string {
	var values map[string]string
	if len(data) > 0 && json.Unmarshal(data, &values) != nil {
		return nil // written by another version: it was only a message to show once
	}
	return values
}

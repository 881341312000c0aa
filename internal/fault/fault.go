// Package fault holds the kinds of errors that a use case answers with. A kind says what went
// wrong in the user's world; which status and page it becomes is decided once, in httpd.
// No text for people lives here: an error carries a catalogue key and its arguments.
package fault

import (
	"errors"
	"strings"
)

// Kind is what went wrong, as far as the person who asked is concerned.
type Kind uint8

// The kinds. Internal is what every error is that no one classified.
const (
	Internal Kind = iota
	NotFound
	Invalid
	Conflict
	Forbidden
	Unavailable
	TooLarge
	TooMany
)

var kindNames = [...]string{"internal", "not_found", "invalid", "conflict", "forbidden", "unavailable", "too_large", "too_many"}

// String gives the kind's name for logs.
func (k Kind) String() string { return kindNames[k] }

// Field is one refused field of a form: its name in the form, and why, as a catalogue key.
type Field struct {
	Name string
	Key  string
	Args []any // alternating name and value, as the catalogues take them
}

// Error is a classified error. Key and Args are its message in the catalogues; Err, when there is
// one, is the cause, for the log only.
type Error struct {
	Kind   Kind
	Key    string
	Args   []any
	Fields []Field
	Detail any // what a page needs to explain the refusal, e.g. a party.Verdict
	Err    error
}

// New makes an error of a kind with its message key and arguments.
func New(kind Kind, key string, args ...any) *Error { return &Error{Kind: kind, Key: key, Args: args} }

// NewNotFound is New(NotFound, …): it does not exist, or not for this viewer.
func NewNotFound(key string, args ...any) *Error { return New(NotFound, key, args...) }

// NewInvalid is New(Invalid, …): what was entered cannot be accepted.
func NewInvalid(key string, args ...any) *Error { return New(Invalid, key, args...) }

// NewConflict is New(Conflict, …): somebody else changed it, or it exists already.
func NewConflict(key string, args ...any) *Error { return New(Conflict, key, args...) }

// NewForbidden is New(Forbidden, …): the viewer may not do this.
func NewForbidden(key string, args ...any) *Error { return New(Forbidden, key, args...) }

// NewUnavailable is New(Unavailable, …) with its cause: try again later.
func NewUnavailable(err error) *Error {
	return &Error{Kind: Unavailable, Key: "errors.unavailable", Err: err}
}

// InvalidFields refuses a form field by field.
func InvalidFields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Key: "errors.fields", Fields: fields}
}

// Wrap classifies a cause.
func Wrap(kind Kind, err error, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Err: err}
}

// Error gives the text for the log: kind, key, refused fields' names and cause; no values.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	b.WriteString(" ")
	b.WriteString(e.Key)
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + "=" + f.Key)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// With adds what a page needs to explain the refusal.
func (e *Error) With(detail any) *Error {
	e.Detail = detail
	return e
}

// KindOf tells the kind of any error; an unclassified one is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// As gives the classified error inside err, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

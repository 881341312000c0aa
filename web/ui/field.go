package ui

import (
	"cmp"
	"context"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ketnap/internal/fault"
)

// FieldError is why one field of a form was refused, in the reader's words.
type FieldError struct {
	Name string // of the field; empty when the whole form is meant
	Of   string // what the list of errors says before it: whom the row of a sheet is about. The field has no need to
	Text string
	bare bool // the words fit any field, so that the list needs the field's label
}

func (e FieldError) line() string {
	if e.Of == "" {
		return e.Text
	}
	return e.Of + ": " + e.Text
}

// Errors are the refusals of a form.
type Errors []FieldError

// For gives the refusal of a field, or "".
func (e Errors) For(name string) string {
	for _, f := range e {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}

// inOrderOf lists the errors as their fields stand in a form. One whose field is not there, since
// the form does not ask for it, speaks of the whole form and comes first.
func (e Errors) inOrderOf(form string) Errors {
	if len(e) == 0 {
		return nil
	}
	place := func(f FieldError) int { return strings.Index(form, `id="`+fieldID(f.Name)+`"`) }
	list := slices.Clone(e)
	slices.SortStableFunc(list, func(a, b FieldError) int { return cmp.Compare(place(a), place(b)) })
	for i, f := range list {
		if place(f) < 0 {
			list[i].Name = ""
		} else if f.bare && f.Of == "" {
			list[i].Of = labelIn(form, f.Name)
		}
	}
	return list
}

// labelIn gives the label that a field has in a form.
func labelIn(form, name string) string {
	_, rest, found := strings.Cut(form, `for="`+fieldID(name)+`">`)
	if !found {
		return ""
	}
	label, _, _ := strings.Cut(rest, "<")
	return strings.TrimSpace(html.UnescapeString(label))
}

// ErrorsOf puts the refused fields of an error into words. An error without fields gives one
// entry for the whole form; nil and unclassified errors give none.
func ErrorsOf(ctx context.Context, err error) Errors {
	e := fault.As(err)
	if e == nil {
		return nil
	}
	if len(e.Fields) == 0 {
		return Errors{{Text: T(ctx, e.Key, e.Args...)}}
	}
	list := make(Errors, 0, len(e.Fields))
	for _, f := range e.Fields {
		list = append(list, FieldError{Name: f.Name, Text: T(ctx, f.Key, f.Args...), bare: f.Key == "errors.required"})
	}
	return list
}

// Width is how wide a field is, which tells how much is expected in it.
type Width string

// The widths. Full is the default.
const (
	Full   Width = ""
	Short  Width = "short"  // a date, a number
	Medium Width = "medium" // a name, a document number
)

// Field is what all form fields have in common. Value is the text as it was typed, so that a
// refused form shows it again.
type Field struct {
	Name         string
	Label        string
	Hint         string // optional
	Value        string
	Error        string // from Errors.For
	Optional     bool   // adds "(không bắt buộc)" to the label; without it the field is required
	Width        Width
	Autocomplete string // "off" when empty
	InputMode    string // optional, e.g. "numeric"
	MaxLength    int    // 0 is no limit
	Suffix       string // unit behind the field, e.g. "ngày"; optional
	ReadOnly     bool
	Autofocus    bool
	Suggest      []string // values that the browser offers while one types; any other may be typed
}

// ID is the id of the field's control, the target of the error summary's link.
func (f Field) ID() string { return fieldID(f.Name) }

func fieldID(name string) string {
	if name == "" {
		return "form"
	}
	return "f-" + name
}

func (f Field) hintID() string  { return f.ID() + "-hint" }
func (f Field) errorID() string { return f.ID() + "-error" }

// described ties hint and error to the control.
func (f Field) described() templ.Attributes {
	by := ""
	if f.Hint != "" {
		by = f.hintID()
	}
	if f.Error != "" {
		if by != "" {
			by += " "
		}
		by += f.errorID()
	}
	a := templ.Attributes{}
	if by != "" {
		a["aria-describedby"] = by
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if !f.Optional {
		a["aria-required"] = "true"
	}
	return a
}

// attributes are those of a typed control.
func (f Field) attributes() templ.Attributes {
	a := f.described()
	a["autocomplete"] = f.Autocomplete
	if f.Autocomplete == "" {
		a["autocomplete"] = "off"
	}
	if f.InputMode != "" {
		a["inputmode"] = f.InputMode
	}
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.ReadOnly {
		a["readonly"] = true
	}
	if len(f.Suggest) > 0 {
		a["list"] = f.ID() + "-list"
	}
	if f.Autofocus {
		a["autofocus"] = true
	}
	return a
}

// Option is one choice of a Select, of Radios or of Checkboxes.
type Option struct {
	Value    string
	Label    string
	Hint     string // below a radio or checkbox; optional
	Disabled bool
}

// ChoiceField is a field whose value is one of some options.
type ChoiceField struct {
	Field
	Options []Option
	Empty   string // text of the empty choice of a Select; without it there is none
	Inline  bool   // radios side by side, for two or three short ones
}

// CheckboxField is one yes or no. Value is what is sent when it is ticked, "on" when empty.
type CheckboxField struct {
	Field
	Checked bool
}

func (f CheckboxField) sent() string {
	if f.Value == "" {
		return "on"
	}
	return f.Value
}

// ChecklistField is any number of choices sent under one name.
type ChecklistField struct {
	Field
	Options []Option
	Chosen  []string
}

// TextAreaField is a field of several lines.
type TextAreaField struct {
	Field
	Rows int // 4 when zero
}

// Hidden is a value that goes with a form unseen.
type Hidden struct{ Name, Value string }

func (f TextAreaField) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

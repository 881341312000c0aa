package steps

import (
	"strconv"

	"ketnap/internal/party"
	"ketnap/web/ui"
)

// View is the form of one step of a person. Values are as typed.
type View struct {
	Form       ui.FormView
	Kind       party.StepKind
	Title      string
	Caption    string // whose step
	Lead       string
	Submit     string
	Cancel     string
	Stale      string // who saved the record in between; empty otherwise
	Values     map[string]string
	Rules      []string // ticked rules of an authorisation
	Papers     int      // how many papers the form has room for
	Vouched    int      // how many introducers the form has room for
	Classes    []ui.Option
	Deciders   []ui.Option
	Occasions  []ui.Option // of a ceremony
	Helpers    []string    // official members of the cell, of whom a mentor is chosen
	Mentors    []ui.Option // who helps now
	Progresses []ui.Option // what a mentor may say
	Vouchers   []ui.Option // who may introduce
	Kinds      []ui.Option // steps that an authorisation may serve
	RuleList   []ui.Option
	Conditions []ui.Condition
	Known      string // who of the cell is known to be official, away and exempt, for a vote
	Asked      string // as of when the conditions were asked
	Correction bool   // asks for the reason and the authorising paper too
	Old        []ui.Pair
}

func (v View) field(name, label, hint string, width ui.Width, most int) ui.Field {
	return ui.Field{Name: name, Label: label, Hint: hint, Value: v.Values[name], Error: v.Form.Errors.For(name), Width: width, MaxLength: most}
}

func (v View) optional(name, label, hint string, width ui.Width, most int) ui.Field {
	f := v.field(name, label, hint, width, most)
	f.Optional = true
	return f
}

// suggested is a name with those that are likely.
func (v View) suggested(name, label, hint string) ui.Field {
	f := v.field(name, label, hint, ui.Full, 100)
	f.Suggest = v.Helpers
	return f
}

// name gives the name of a field that comes more than once: paper1_number.
func name(group string, n int, field string) string {
	return group + strconv.Itoa(n) + "_" + field
}

// morePapers tells whether the papers after the first have something typed in them.
func (v View) morePapers() bool {
	for n := 2; n <= v.Papers; n++ {
		for _, field := range []string{"form", "number", "date", "issuer"} {
			if key := name("paper", n, field); v.Values[key] != "" || v.Form.Errors.For(key) != "" {
				return true
			}
		}
	}
	return false
}

package ui

import "ketnap/internal/party"

// Addresses that the page frame posts to; httpd serves them.
const (
	PathLanguage = "/language" // POST lang, next
	PathTheme    = "/theme"    // POST theme, next
	PathSignOut  = "/logout"   // POST
	PathAccount  = "/account"
)

// Theme is the reader's choice of light or dark; empty follows the device.
type Theme string

// The themes.
const (
	ThemeAuto  Theme = ""
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)

// ParseTheme reads a stored choice; anything unknown follows the device.
func ParseTheme(s string) Theme {
	if t := Theme(s); t == ThemeLight || t == ThemeDark {
		return t
	}
	return ThemeAuto
}

// Page is what the frame around every view shows. httpd fills it; a view adds its own Title,
// Crumbs and HasErrors.
type Page struct {
	Title     string  // of the window, without the product's name
	HasErrors bool    // puts "Lỗi:" before the title
	Viewer    *Viewer // nil when nobody is signed in
	Nav       []NavSection
	Crumbs    []Crumb // from the first page down, without the page itself
	Flash     *Flash
	Theme     Theme
	Path      string // address of this page with its query, to come back to after a switch
	Demo      bool   // the installation shows invented people
	RequestID string
	Today     party.Date
}

// Titled gives the page with its window title.
func (p Page) Titled(title string) Page {
	p.Title = title
	return p
}

// Under gives the page with the way that leads to it.
func (p Page) Under(crumbs ...Crumb) Page {
	p.Crumbs = crumbs
	return p
}

// WithErrors gives the page marked as a refused form when there are errors.
func (p Page) WithErrors(errs Errors) Page {
	p.HasErrors = len(errs) > 0
	return p
}

// Viewer is who is signed in, for the header.
type Viewer struct {
	Name         string
	Organisation string
}

// NavSection is a group of entries of the main navigation. Label may be empty.
type NavSection struct {
	Label string
	Items []NavItem
}

// NavItem is one entry of the main navigation, already allowed for the viewer.
type NavItem struct {
	Label   string
	Href    string
	Icon    Icon
	Current bool
	Count   int // things waiting there; 0 shows nothing
}

// Crumb is one page above this one.
type Crumb struct{ Label, Href string }

// Flash is the message about what was just done, shown once on the next page.
type Flash struct {
	Tone Tone
	Text string
}

// Tone is what a message means to the reader. Each has its icon and its word, not only a colour.
type Tone string

// The tones.
const (
	Info Tone = "info"
	Good Tone = "good"
	Warn Tone = "warn"
	Bad  Tone = "bad"
)

func (t Tone) icon() Icon {
	switch t {
	case Good:
		return IconCheck
	case Warn:
		return IconWarn
	case Bad:
		return IconCross
	}
	return IconInfo
}

// role tells assistive technology how urgent a message is.
func (t Tone) role() string {
	if t == Bad {
		return "alert"
	}
	return "status"
}

// LinkView is a link with its text.
type LinkView struct {
	Label string
	Href  string
	Icon  Icon // optional
}

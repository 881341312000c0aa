package browsertest

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// farthest bounds the way of the focus to one place: a page where it takes more is a trap, or as
// good as one.
const farthest = 150

// Keyboard uses a window with key presses only: it never clicks and never moves the focus itself.
// Wherever the focus comes to, it must be seen to be there.
type Keyboard struct {
	*Tab
}

// Keyboard gives the window to somebody without a mouse.
func (b *Tab) Keyboard() *Keyboard { return &Keyboard{Tab: b} }

// To presses Tab until the focus is on the control with these words: the label of a field, the
// label of one of a group of radios, or what a link or button says.
func (k *Keyboard) To(words string) {
	k.t.Helper()
	k.walk(kb.Tab, words)
}

// BackTo does the same with Shift+Tab.
func (k *Keyboard) BackTo(words string) {
	k.t.Helper()
	k.walk(shiftTab, words)
}

const shiftTab = "shift+tab"

func (k *Keyboard) walk(key, words string) {
	k.t.Helper()
	var passed []string
	for rounds := 0; rounds < 2 && len(passed) < farthest; {
		k.step(key)
		name := k.ask("focusName")
		if name == words || words != "" && strings.HasPrefix(name, words) {
			return
		}
		if name == "" {
			rounds++
		}
		passed = append(passed, name)
	}
	k.t.Fatalf("%s: the focus does not come to %q; it came to %s", k.URL(), words, strings.Join(passed, " | "))
}

// step moves the focus once and looks at where it came from and where it is.
func (k *Keyboard) step(key string) {
	k.t.Helper()
	k.ask("rememberFocus")
	if key == shiftTab {
		run(k.Tab, "press Shift+Tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	} else {
		k.Keys(key)
	}
	if k.FocusName() == "" {
		return // beyond the end of the page, where the browser's own controls are
	}
	k.SeesFocus()
	if jump := k.ask("focusJump"); jump != "" && key != shiftTab {
		k.t.Errorf("%s: the focus goes up the page: %s", k.URL(), jump)
	}
}

// SeesFocus fails the test when one cannot see where the focus is.
func (k *Keyboard) SeesFocus() {
	k.t.Helper()
	if unseen := k.ask("unseenFocus"); unseen != "" {
		k.t.Errorf("%s: the focus is not seen: %s", k.URL(), unseen)
	}
}

// Type goes to the field with this label and types a text in place of what was there.
func (k *Keyboard) Type(label, text string) {
	k.t.Helper()
	k.To(label)
	k.Replace(text)
}

// Replace types a text in place of what is in the field that has the focus.
func (k *Keyboard) Replace(text string) {
	k.t.Helper()
	run(k.Tab, "select what is there", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	k.Keys(text)
	if got := k.ask("focusValue"); got != text {
		k.t.Fatalf("%s: %q holds %q after typing %q", k.URL(), k.FocusName(), got, text)
	}
}

// Pick goes to the select with this label and presses the arrow down until it is on an option that
// begins with these words.
func (k *Keyboard) Pick(label, option string) {
	k.t.Helper()
	k.To(label)
	for range farthest {
		if strings.HasPrefix(k.ask("focusOption"), option) {
			return
		}
		k.Keys(kb.ArrowDown)
	}
	k.t.Fatalf("%s: %q comes to no option %q", k.URL(), label, option)
}

// Mark goes to the group of radios that has this one and chooses it, by the arrows.
func (k *Keyboard) Mark(label string) {
	k.t.Helper()
	for range farthest {
		if k.step(kb.Tab); k.ask("focusGroup", label) != "" {
			break
		}
	}
	k.Keys(" ")
	for range farthest {
		if k.FocusName() == label {
			if k.ask("focusChecked") == "" {
				k.t.Fatalf("%s: %q is not chosen by the keyboard", k.URL(), label)
			}
			return
		}
		k.Keys(kb.ArrowDown)
		k.SeesFocus()
	}
	k.t.Fatalf("%s: the arrows do not come to %q", k.URL(), label)
}

// Enter presses Enter and waits for the page that follows.
func (k *Keyboard) Enter() {
	k.t.Helper()
	run(k.Tab, "press Enter", chromedp.WaitEvent(page.LoadEventFired, nil, pressEnter))
}

// EnterHere presses Enter on what leads to another place of the same page.
func (k *Keyboard) EnterHere() {
	k.t.Helper()
	run(k.Tab, "press Enter", pressEnter)
}

// pressEnter presses the key as a keyboard does, in one piece: in chromedp.KeyEvent the character
// comes apart from the key, and would go to the field that the key has just led to.
var pressEnter = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	key := input.DispatchKeyEventParams{Type: kb.KeyDown, Key: "Enter", Code: "Enter", Text: "\r", UnmodifiedText: "\r",
		WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
	if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
		return err
	}
	key.Type, key.Text, key.UnmodifiedText = kb.KeyUp, "", ""
	_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
	return err
})

// FocusName gives the words of what has the focus.
func (k *Keyboard) FocusName() string {
	k.t.Helper()
	return k.ask("focusName")
}

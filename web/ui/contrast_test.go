package ui

import (
	"fmt"
	"maps"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ketnap/internal/party"
)

// themes reads the colours of tokens.css: the light ones and the two copies of the dark ones.
func themes(t *testing.T) (light, darkDevice, darkChosen map[string]string) {
	t.Helper()
	b, err := os.ReadFile("../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(b)
	block := func(after string) map[string]string {
		_, rest, found := strings.Cut(css, after)
		if !found {
			t.Fatalf("tokens.css has no %q", after)
		}
		body, _, _ := strings.Cut(rest, "}")
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(body, -1) {
			colours[m[1]] = m[2]
		}
		return colours
	}
	return block(":root {\n  color-scheme: light;"), block(`:root:not([data-theme="light"]) {`), block(`:root[data-theme="dark"] {`)
}

func TestTheChosenDarkThemeIsTheDevicesDarkTheme(t *testing.T) {
	light, device, chosen := themes(t)
	if !maps.Equal(device, chosen) {
		t.Error("the two copies of the dark colours differ")
	}
	for name := range light {
		if device[name] == "" {
			t.Errorf("--%s has no dark value", name)
		}
	}
}

// pairs are the colours that meet on a page: text needs 4.5 to 1, marks and borders 3 to 1
// (WCAG 2.2, 1.4.3 and 1.4.11).
func pairs() map[[2]string]float64 {
	p := map[[2]string]float64{}
	for _, back := range []string{"paper", "surface", "sunken"} {
		for _, text := range []string{"ink", "ink-soft", "link", "link-hover"} {
			p[[2]string{text, back}] = 4.5
		}
		for _, mark := range []string{"focus", "line-strong"} {
			p[[2]string{mark, back}] = 3
		}
	}
	for _, back := range []string{"paper", "surface"} {
		for _, text := range []string{"good", "warn", "bad", "info", "accent"} {
			p[[2]string{text, back}] = 4.5
		}
		for _, stage := range party.Stages {
			p[[2]string{"stage-" + string(stage), back}] = 4.5
		}
		p[[2]string{"band", back}] = 3
	}
	for _, tone := range []string{"good", "warn", "bad", "info"} {
		p[[2]string{tone, tone + "-back"}] = 4.5
		p[[2]string{"ink", tone + "-back"}] = 4.5
	}
	p[[2]string{"button-ink", "button"}] = 4.5
	p[[2]string{"button-ink", "link-hover"}] = 4.5
	p[[2]string{"button-ink", "good"}] = 3
	p[[2]string{"accent-ink", "accent"}] = 4.5
	return p
}

func TestColoursThatMeetAreReadable(t *testing.T) {
	light, dark, _ := themes(t)
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for pair, least := range pairs() {
			got := contrast(t, colours[pair[0]], colours[pair[1]])
			if got < least {
				t.Errorf("%s: --%s on --%s has %.2f to 1, needs %.1f", theme, pair[0], pair[1], got, least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG of a colour #rrggbb.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 {
		t.Fatalf("no colour: %q", hex)
	}
	var parts [3]float64
	for i := range parts {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(fmt.Errorf("colour %s: %w", hex, err))
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			parts[i] = c / 12.92
		} else {
			parts[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*parts[0] + 0.7152*parts[1] + 0.0722*parts[2]
}

func TestEachStageHasItsOwnColourIconAndWords(t *testing.T) {
	light, dark, _ := themes(t)
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		seen := map[string]party.Stage{}
		for _, s := range party.Stages {
			colour := colours["stage-"+string(s)]
			if other, ok := seen[colour]; ok || colour == "" {
				t.Errorf("%s: stage %s has the colour %q of %s", theme, s, colour, other)
			}
			seen[colour] = s
		}
	}
	icons, err := os.ReadFile("../static/img/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Icon]bool{}
	for _, s := range party.Stages {
		icon := StageIcon(s)
		if seen[icon] || !strings.Contains(string(icons), `<symbol id="`+string(icon)+`"`) {
			t.Errorf("stage %s has no icon of its own: %q", s, icon)
		}
		seen[icon] = true
		if !Has("ui.stage." + string(s)) {
			t.Errorf("stage %s has no words", s)
		}
	}
}

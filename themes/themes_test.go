package themes

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"bursar/providers"
)

func luminance(hex string) float64 {
	var c [3]int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		panic(hex + " is no colour")
	}
	var l [3]float64
	for i, v := range c {
		if s := float64(v) / 255; s <= 0.04045 {
			l[i] = s / 12.92
		} else {
			l[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

func ratio(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds every token that carries text to WCAG's ratio, against
// each ground that the theme is made for or against its own.
func TestContrast(t *testing.T) {
	for name, least := range map[string]float64{"dark": 4.5, "light": 4.5, "contrast": 7} {
		theme, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		checked := 0
		for i := range tones {
			tone := Tone(i)
			token := theme.Tokens.token(tone)
			if tone == Border || token.Fg == (Color{}) {
				continue // lines carry no text; the terminal's own colour is its owner's
			}
			grounds := theme.Grounds
			if token.Bg != (Color{}) {
				grounds = []string{token.Bg.Hex}
			}
			for _, ground := range grounds {
				if r := ratio(token.Fg.Hex, ground); r < least {
					t.Errorf("%s: tone %d, %s on %s is %.2f, less than %.1f", name, i, token.Fg.Hex, ground, r, least)
				}
				checked++
			}
		}
		if checked < 40 {
			t.Errorf("%s: only %d pairs were checked", name, checked)
		}
	}
}

func renderer(profile termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(true)
	return r
}

func built(t *testing.T, name string, profile termenv.Profile) Styles {
	t.Helper()
	theme, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return Build(renderer(profile), theme)
}

// TestLiveIsNeverTakenForSandbox compares how the two badges look on every
// kind of terminal, with the word taken out.
func TestLiveIsNeverTakenForSandbox(t *testing.T) {
	for _, name := range Names() {
		for _, p := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			s := built(t, name, p)
			if live, sandbox := s.Badge(Live, "X"), s.Badge(Sandbox, "X"); live == sandbox {
				t.Errorf("%s on profile %d: both look like %q", name, p, live)
			}
		}
	}
}

func TestMono(t *testing.T) {
	theme, err := ForTerminal("dark", func(k string) string { return map[string]string{"NO_COLOR": "1"}[k] })
	if err != nil || theme.Name != "mono" {
		t.Fatalf("NO_COLOR gives %q, %v", theme.Name, err)
	}
	// NO_COLOR makes lipgloss choose the profile without any sequences.
	s := Build(renderer(termenv.Ascii), theme)
	if s.Open(Live) != "\x1b[1;7m" {
		t.Errorf("live opens with %q, want bold and reverse video", s.Open(Live))
	}
	for i := range tones {
		if open := s.Open(Tone(i)); strings.Contains(open, "3") || strings.Contains(open, "48") {
			t.Errorf("tone %d has a colour: %q", i, open)
		}
	}
	theme, _ = ForTerminal("light", func(k string) string { return map[string]string{"TERM": "dumb"}[k] })
	s = Build(renderer(termenv.Ascii), theme)
	if got := s.Badge(Live, "LIVE"); got != "[LIVE]" {
		t.Errorf("a dumb terminal gets %q", got)
	}
	theme, _ = ForTerminal("light", func(string) string { return "" })
	if theme.Name != "light" {
		t.Errorf("a colour terminal gets %q", theme.Name)
	}
}

func TestStylesAndSequencesLookAlike(t *testing.T) {
	for _, name := range Names() {
		s := built(t, name, termenv.TrueColor)
		for i := range tones {
			a, b := s.Style(Tone(i)).Render("x"), s.Paint(Tone(i), "x")
			if strings.TrimSuffix(a, "\x1b[0m") != strings.TrimSuffix(b, Reset) {
				t.Errorf("%s, tone %d: %q and %q", name, i, a, b)
			}
		}
	}
}

func TestSignsAreOneCellWideAndDiffer(t *testing.T) {
	for _, name := range Names() {
		theme, _ := ByName(name)
		seen := map[string]bool{}
		for p := providers.PhaseUnknown; p <= providers.PhaseFailed; p++ {
			sign := theme.Signs.Phase(p)
			if ansi.StringWidth(sign) != 1 || seen[sign] {
				t.Errorf("%s: sign %q of %s", name, sign, p)
			}
			seen[sign] = true
		}
		for _, sign := range []string{theme.Signs.Cursor, theme.Signs.Mark, theme.Signs.More, theme.Signs.Ascending, theme.Signs.Vertical} {
			if ansi.StringWidth(sign) != 1 {
				t.Errorf("%s: sign %q", name, sign)
			}
		}
	}
}

func TestNames(t *testing.T) {
	name := "dark"
	for range Names() {
		name = Next(name)
	}
	if name != "dark" {
		t.Errorf("going round ends at %q", name)
	}
	if _, err := ByName("solarized"); err == nil || !strings.Contains(err.Error(), "dark, light, contrast, mono") {
		t.Errorf("an unknown theme gives %v", err)
	}
}

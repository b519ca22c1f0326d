package palette_test

import (
	"strings"
	"testing"

	"bursar/keymap"
	"bursar/themes"
	"bursar/tui/palette"
	"bursar/tui/tuitest"
	"bursar/tui/view"

	"github.com/muesli/termenv"
)

type chosen string

// What begins as typed comes first, however short the others are: enter after
// "cap" must not cancel.
func TestTheNearestNameComesFirst(t *testing.T) {
	theme, err := themes.ByName("dark")
	if err != nil {
		t.Fatal(err)
	}
	env := &view.Env{Keys: keymap.Default(), Look: view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme))}
	for text, want := range map[string]string{"cap": "capture 1 payment", "can": "cancel 1 payment", "pay": "payments", "ONE": "none", "every": "sync state of every list"} {
		var items []palette.Item
		for _, name := range []string{"cancel 1 payment", "capture 1 payment", "sync state of every list", "payments", "payouts", "none", "e v e r y"} {
			items = append(items, palette.Item{Name: name, Msg: chosen(name)})
		}
		m := palette.New(env, items)
		for _, r := range text {
			m.Key(view.Key{Name: string(r), Text: string(r)})
		}
		m.Key(view.Key{Name: "enter"})
		if got := env.Take(); got != chosen(want) {
			t.Errorf("%q chooses %v, want %q:\n%s", text, got, want, strings.Join(m.View(view.Size{W: 80, H: 20}), "\n"))
		}
	}
}

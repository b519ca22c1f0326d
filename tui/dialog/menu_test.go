package dialog_test

import (
	"strings"
	"testing"

	"bursar/keymap"
	"bursar/themes"
	"bursar/tui/dialog"
	"bursar/tui/tuitest"
	"bursar/tui/view"

	"github.com/muesli/termenv"
)

func menuEnv(t *testing.T) *view.Env {
	t.Helper()
	theme, err := themes.ByName("dark")
	if err != nil {
		t.Fatal(err)
	}
	return &view.Env{Keys: keymap.Default(), Look: view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme))}
}

// A reason that its line has no room for can be read whole with the cursor on it.
func TestMenuShowsTheWholeReason(t *testing.T) {
	const reason = "the panel's API has no call that cancels a payment; delete it, as long as it is new"
	m := dialog.NewMenu(menuEnv(t), "Actions", "for 3 marked records", []dialog.Item{{Label: "Credit"}, {Label: "Cancel", Reason: reason}})
	m.Key(view.Key{Name: "j"})
	for w, whole := range map[int]bool{200: true, 80: true, 60: true} {
		text := strings.Join(m.View(view.Size{W: w, H: 20}), "\n")
		flat := strings.Join(strings.Fields(strings.NewReplacer("│", " ", "\n", " ").Replace(text)), " ")
		if strings.Contains(flat, reason) != whole {
			t.Errorf("at %d cells the reason is cut:\n%s", w, text)
		}
	}
}

func TestEmptyViewsSayHowToSaveOne(t *testing.T) {
	m := dialog.NewViews(menuEnv(t), "Saved views", "w saves what is shown", nil, nil)
	text := strings.Join(m.View(view.Size{W: 80, H: 20}), "\n")
	if !strings.Contains(text, "no view is saved yet: w keeps") || !strings.Contains(text, "w saves what is shown") {
		t.Errorf("the empty menu says:\n%s", text)
	}
}

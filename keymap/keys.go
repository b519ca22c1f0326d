package keymap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// latin and cyrillic are the same keys on two keyboards, in the same order.
// Of the keys with signs only those are here whose Russian twin is a letter
// (or №), so that a Latin sign never turns into another one.
const (
	latin    = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~#oO"
	cyrillic = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ№ўЎ"
)

var twins = func() map[rune]string {
	to := []rune(latin)
	m := make(map[rune]string, len(to))
	for i, c := range []rune(cyrillic) {
		m[c] = string(to[i])
	}
	return m
}()

// Fold turns a letter typed on the ЙЦУКЕН layout into the Latin key it sits on,
// with or without a modifier before it; any other key comes back as it is. Text
// fields do not use it.
func Fold(key string) string { return fold(normal(key)) }

func fold(key string) string {
	at := strings.LastIndexByte(key, '+') + 1
	c, size := utf8.DecodeRuneInString(key[at:])
	if size == 0 || at+size != len(key) {
		return key
	}
	if to, ok := twins[c]; ok {
		return key[:at] + to
	}
	return key
}

// neighbour is the second guess for signs that sit on other keys of the
// ЙЦУКЕН layout: its slash key types a dot, with shift a comma. It is asked
// only when nothing is bound to the sign itself.
func neighbour(key string) string {
	switch key {
	case ".":
		return "/"
	case ",":
		return "?"
	}
	return ""
}

// aliases are other names of keys, as people write them in a configuration.
var aliases = map[string]string{
	"space": " ", "spacebar": " ", "escape": "esc", "return": "enter", "ctrl+m": "enter", "ctrl+i": "tab", "ctrl+[": "esc",
	"pgdn": "pgdown", "pagedown": "pgdown", "page-down": "pgdown", "pageup": "pgup", "page-up": "pgup",
	"backtab": "shift+tab", "del": "delete", "ins": "insert", "bksp": "backspace",
	"↑": "up", "↓": "down", "←": "left", "→": "right",
}

// normal is the one spelling of a key that the table uses.
func normal(key string) string {
	if key == "" || key == " " {
		return key
	}
	if key = strings.TrimSpace(key); utf8.RuneCountInString(key) > 1 {
		key = lowerName(key)
	}
	if to, ok := aliases[key]; ok {
		return to
	}
	return key
}

// lowerName lowers a key's name but not the letter behind alt+, whose case is
// a different key.
func lowerName(key string) string {
	lower := strings.ToLower(key)
	at := strings.LastIndexByte(key[:len(key)-1], '+') + 1
	if strings.HasPrefix(lower, "alt+") && utf8.RuneCountInString(key[at:]) == 1 {
		return lower[:at] + key[at:]
	}
	return lower
}

// named are the keys with names that a terminal can send, as Bubble Tea names
// them.
var named = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range strings.Fields("enter tab esc backspace delete insert up down left right home end pgup pgdown shift+tab" +
		" ctrl+@ ctrl+\\ ctrl+] ctrl+^ ctrl+_" +
		" shift+up shift+down shift+left shift+right shift+home shift+end" +
		" ctrl+up ctrl+down ctrl+left ctrl+right ctrl+home ctrl+end ctrl+pgup ctrl+pgdown" +
		" ctrl+shift+up ctrl+shift+down ctrl+shift+left ctrl+shift+right ctrl+shift+home ctrl+shift+end") {
		m[k] = true
	}
	for i := 1; i <= 20; i++ {
		m[fmt.Sprintf("f%d", i)] = true
	}
	for c := 'a'; c <= 'z'; c++ {
		m["ctrl+"+string(c)] = true
	}
	return m
}()

// Parse reads the name of a key as a configuration writes it and gives the
// spelling that the table uses. Keys that a terminal cannot send are errors.
func Parse(text string) (string, error) {
	key := normal(text)
	bare := strings.TrimPrefix(key, "alt+")
	if named[bare] || printable(bare) {
		return key, nil
	}
	if key == "" {
		return "", fmt.Errorf("a key is empty: write a letter or a name such as enter, ctrl+d, pgdown")
	}
	return "", fmt.Errorf("no key %q that a terminal can send: write a letter or a name such as enter, space, ctrl+d, alt+x, pgdown, f5", text)
}

// printable reports whether the key types a character.
func printable(key string) bool {
	c, size := utf8.DecodeRuneInString(key)
	return size > 0 && size == len(key) && c != utf8.RuneError && (c == ' ' || unicode.IsGraphic(c))
}

// Name is a key as people read it: an arrow for "up", a word for a blank.
func Name(key string) string {
	switch key {
	case " ":
		return "space"
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "pgdown":
		return "pgdn"
	}
	return key
}

package keymap

import "strings"

//go:generate go test . -run TestDocsAreCurrent -update

// Markdown is docs/keys.md: every scope with its actions, keys and ids.
func Markdown(m Map) string {
	var b strings.Builder
	b.WriteString("# Keys\n\n")
	b.WriteString("<!-- Generated from keymap; write it anew with: go generate ./keymap -->\n\n")
	b.WriteString("Every key can be changed in the configuration by the id in the last column. Letters typed with a\n")
	b.WriteString("Russian layout (ЙЦУКЕН) work as the Latin letters on the same keys. The keys of a list and of the\n")
	b.WriteString("detail pane come on top of the general ones; `esc` and `ctrl+c` are fixed.\n")
	for _, scope := range Scopes() {
		entries := m.Entries(scope)
		if len(entries) == 0 {
			continue
		}
		b.WriteString("\n## " + scope.Title() + "\n\n| key | does | id |\n|---|---|---|\n")
		for _, e := range entries {
			b.WriteString("| " + markdownKeys(e.Keys) + " | " + e.Long + " | `" + string(e.ID) + "` |\n")
		}
	}
	return b.String()
}

func markdownKeys(keys []string) string {
	if len(keys) == 0 {
		return "none"
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		name := strings.ReplaceAll(Name(k), "|", `\|`)
		fence := "`"
		if strings.Contains(name, "`") {
			fence, name = "``", " "+name+" "
		}
		names[i] = fence + name + fence
	}
	return strings.Join(names, " ")
}

package filter

import (
	"strings"
)

// Complete offers what the word at the cursor (in bytes) may become, best
// first: names of fields, or the values of a field that has a fixed set. Each
// offer replaces the word whole.
func Complete(text string, cursor int) []string {
	cursor = max(0, min(cursor, len(text)))
	word := text[strings.LastIndexAny(text[:cursor], " \t\n")+1 : cursor]
	minus := ""
	if rest, ok := strings.CutPrefix(word, "-"); ok {
		minus, word = "-", rest
	}
	if strings.Contains(word, `"`) {
		return nil
	}
	name, last, isField := strings.Cut(word, ":")
	if !isField {
		if word == "" {
			return nil
		}
		return offers(minus, word, fieldNames(), ":")
	}
	done := ""
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		done, last = last[:i+1], last[i+1:]
	}
	return offers(minus+name+":"+done, last, valuesOf(strings.ToLower(name)), "")
}

func offers(before, typed string, candidates []string, after string) []string {
	var out []string
	for _, c := range candidates {
		if strings.HasPrefix(c, strings.ToLower(typed)) {
			out = append(out, before+c+after)
		}
	}
	return out
}

func valuesOf(name string) []string {
	switch name {
	case "phase", "is", "status":
		return phaseNames()
	case "kind":
		return kindNames()
	case "has":
		return append(kindNames(), hasNames()...)
	case "created", "updated", "deadline":
		return DateWords()
	case "currency":
		return []string{"rub", "usd", "eur", "byn", "kzt"}
	default:
		return nil
	}
}

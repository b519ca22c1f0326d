package providers

import "unicode/utf8"

// maxMistyped is the longest word in bytes that may be a known one mistyped.
const maxMistyped = 64

// Nearest is the candidate that a mistyped word was probably meant to be,
// empty when none is near: at most two in five of its letters differ.
func Nearest(word string, candidates []string) string {
	if len(word) > maxMistyped {
		return ""
	}
	best, bestDistance := "", 0
	for _, c := range candidates {
		d := distance([]rune(word), []rune(c))
		if d*5 <= max(5, 2*utf8.RuneCountInString(c)) && (best == "" || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between a and b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, cb := range b {
			cost := diagonal
			if ca != cb {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

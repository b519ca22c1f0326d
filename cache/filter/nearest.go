package filter

// maxMistyped is the longest word in bytes that may be a known one mistyped.
const maxMistyped = 64

// nearest finds the candidate with the fewest typing mistakes, if there are few
// enough to suggest it.
func nearest(word string, candidates []string) (string, bool) {
	if len(word) > maxMistyped {
		return "", false
	}
	w := []rune(word)
	best, least := "", len(w)/2+1
	if least > 3 {
		least = 3
	}
	for _, c := range candidates {
		if d := distance(w, []rune(c)); d < least || d == least && best == "" && d <= len(w)/2 {
			best, least = c, d
		}
	}
	return best, best != ""
}

// distance counts the letters to change, add, drop or swap with a neighbour.
func distance(a, b []rune) int {
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

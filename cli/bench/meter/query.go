package meter

import "bytes"

// dialogue is the terminal's side of the questions that programs ask at their
// start: colours, cursor position, device attributes, modes, keyboard.
var dialogue = []struct{ ask, say string }{
	{"\x1b]11;?", "\x1b]11;rgb:1a1a/1a1a/1a1a\x1b\\"},
	{"\x1b]10;?", "\x1b]10;rgb:dddd/dddd/dddd\x1b\\"},
	{"\x1b[6n", "\x1b[1;1R"},
	{"\x1b[c", "\x1b[?62;22c"},
	{"\x1b[?2026$p", "\x1b[?2026;2$y"},
	{"\x1b[?2027$p", "\x1b[?2027;0$y"},
	{"\x1b[?u", "\x1b[?0u"},
}

// longest is the length of the longest question.
const longest = 10

// queries finds questions in what a program writes, also when a read cuts one
// in two.
type queries struct{ tail []byte }

// in gives the answers to the questions that the text completes, in order.
func (q *queries) in(text []byte) (answers []string) {
	all := append(q.tail, text...)
	for i := range all {
		for _, d := range dialogue {
			if bytes.HasPrefix(all[i:], []byte(d.ask)) && i+len(d.ask) > len(q.tail) {
				answers = append(answers, d.say)
			}
		}
	}
	q.tail = append([]byte(nil), all[max(0, len(all)-longest+1):]...)
	return answers
}

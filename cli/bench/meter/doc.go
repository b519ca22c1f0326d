// Package meter runs a full-screen program in a pseudo terminal, presses keys
// and tells what they cost: bytes on the line, time from the key to the last
// byte of the answering frame, and the floor, which is what the cells that
// really changed cost at least.
//
// Nothing is looked at while the program draws. One goroutine reads and stamps
// what comes with the time; the terminal emulator is fed when the line is quiet,
// so that it takes no time away from what is being measured.
package meter

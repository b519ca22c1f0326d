// Package bench measures bursar beside its peers and the limits of the machine,
// on the same rows, and prints a table of the goals: what was asked, what is,
// against what, and whether that will do.
//
// It makes its own data in a scratch directory with the sandbox's simulators,
// runs the real program in a pseudo terminal (package meter), and takes each
// figure once per run: the goals share them. What cannot be measured here, for
// example because a peer is not installed, is said and not guessed.
package bench

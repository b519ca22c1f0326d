// Package cli is the command line: one file per command, and the wiring that
// hands accounts, stores, engine and screen to each other. It alone imports the
// concrete payment systems.
package cli

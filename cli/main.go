package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"bursar/providers"
)

// The exit codes.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitPartly  = 3 // some refused or held out
	exitUnknown = 4 // unknown outcomes are left
)

// Main runs bursar with the process's arguments and returns the exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}

// Terminal is where a command reads and writes. In and Out are files because
// the workstation needs a terminal; Screen tests use a pseudo terminal.
type Terminal struct {
	In  *os.File
	Out io.Writer
	Err io.Writer
}

// exit is an error with an exit code of its own. An empty text prints nothing.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return exit{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// Run carries out one command line and returns the exit code.
func Run(ctx context.Context, args []string, t Terminal) int {
	return (&app{Terminal: t, now: time.Now}).run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	t := a.Terminal
	root := a.root()
	root.SetArgs(args)
	root.SetIn(t.In)
	root.SetOut(t.Out)
	root.SetErr(t.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var e exit
	if !errors.As(err, &e) {
		e = exit{code: exitError, err: err}
		if isUsage(err) {
			e.code = exitUsage
		}
	}
	if text := oneLine(e.Error()); text != "" {
		_, _ = fmt.Fprintln(t.Err, "bursar: "+providers.Inert(text))
	}
	return e.code
}

// isUsage recognises what the command-line library complains about; it has no
// error types.
func isUsage(err error) bool {
	for _, sign := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs an argument", "invalid argument", "required flag", "accepts ", "requires at least", "if any flags in the group", "none of the others can be", "at least one of the flags"} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return usagef("%s takes %s; see bursar %[1]s --help", strings.TrimPrefix(cmd.CommandPath(), "bursar "), strings.Join(names, " and "))
		}
		return nil
	}
}

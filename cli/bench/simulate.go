package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"bursar/providers/sandbox"
)

// World says which simulators a child process runs.
type World struct {
	Payments int
	Seed     uint64
	// Made is when the world was first made: one that is made again for kept
	// data is the same one, with the time that has passed since.
	Made time.Time
	// OnlyPayments leaves the other lists of the shop empty: a world of a
	// million payments has as many receipts, and nobody wants to wait for those.
	OnlyPayments bool
}

// shopShare is how many of a world's payments are the shop's: 6 of 13.
func worldOf(shopPayments int) int { return (shopPayments*13 + 5) / 6 }

// Simulate runs the simulators until ctx ends or the input is closed, which is
// when the parent process has gone. It writes its address first.
func Simulate(ctx context.Context, w World, in io.Reader, out io.Writer) error {
	shift := time.Duration(0)
	if !w.Made.IsZero() {
		shift = time.Since(w.Made)
	}
	// The world's days begin where they did; then its clock goes on from there.
	box, err := sandbox.New(sandbox.Options{Payments: w.Payments, Seed: w.Seed, Now: func() time.Time { return time.Now().Add(-shift) }})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, box.Close())
	}
	handler := box.Handler()
	if w.OnlyPayments {
		handler = onlyPayments(handler)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 30 * time.Second}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	defer context.AfterFunc(ctx, func() { box.Gate().Close(); _ = server.Close() })()
	if _, err := fmt.Fprintf(out, "http://%s\n", l.Addr()); err != nil {
		return errors.Join(err, l.Close(), box.Close())
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, box.Close())
	}
	return box.Close()
}

// onlyPayments answers the shop's other lists with nothing.
func onlyPayments(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && (r.URL.Path == "/v3/receipts" || r.URL.Path == "/v3/refunds") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"type":"list","items":[]}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// simulators is a child process that runs them.
type simulators struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
}

// simulate starts them. The caller ends them.
func (p program) simulate(ctx context.Context, w World) (*simulators, error) {
	args := []string{
		"bench", "simulate", "--payments", strconv.Itoa(w.Payments), "--seed", strconv.FormatUint(w.Seed, 10),
		"--made", w.Made.Format(time.RFC3339Nano), "--only-payments=" + strconv.FormatBool(w.OnlyPayments),
	}
	cmd := exec.CommandContext(ctx, p.exe, args...)
	cmd.Env, cmd.Dir = p.env(), p.home
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the simulators do not start: %w", err)
	}
	s := &simulators{cmd: cmd, stdin: stdin}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if s.url = strings.TrimSpace(line); err != nil || !strings.HasPrefix(s.url, "http://") {
		s.close()
		return nil, fmt.Errorf("the simulators say %q and not where they listen: %w", line, err)
	}
	return s, nil
}

func (s *simulators) close() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
}

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"bursar/providers/transport"
)

// Server is a sandbox that listens.
type Server struct {
	*Sandbox
	url    string
	http   *http.Server
	ended  chan error
	closed sync.Once
	err    error
}

// Start makes a sandbox and lets it listen on the address; "" is a free port
// of this machine. It runs until Close, or until ctx is over.
func Start(ctx context.Context, o Options, addr string) (*Server, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	box, err := New(o)
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		_ = box.Close()
		return nil, fmt.Errorf("the sandbox cannot listen on %s: %w", addr, err)
	}
	s := &Server{
		Sandbox: box, url: "http://" + dialable(l.Addr()), ended: make(chan error, 1),
		// Its errors would be written over the workstation's screen.
		http: &http.Server{Handler: box.Handler(), ReadHeaderTimeout: 30 * time.Second, ErrorLog: log.New(io.Discard, "", 0)},
	}
	go func() { s.ended <- s.http.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

// dialable is the address that a client on this machine reaches a listener by.
func dialable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// URL is the server's address without a path.
func (s *Server) URL() string { return s.url }

// Close ends the requests that hang, lets the others finish for a moment and
// stops listening.
func (s *Server) Close() error {
	s.closed.Do(func() {
		s.gate.Close() // first, or Shutdown would wait for the hanging ones
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := s.http.Shutdown(ctx); err != nil {
			s.err = s.http.Close()
		}
		if err := <-s.ended; !errors.Is(err, http.ErrServerClosed) && s.err == nil {
			s.err = err
		}
		if err := s.Sandbox.Close(); s.err == nil {
			s.err = err
		}
	})
	return s.err
}

// Accounts are ready logins for the four systems of a sandbox at that address.
func Accounts(baseURL string) []transport.Account {
	accounts := []transport.Account{
		{Name: "hosting", System: "billmanager", URL: baseURL + "/billmgr", Username: "operator", Links: map[string]string{"externalid": "shop/payment"}},
		{
			Name: "shop", System: "yookassa", URL: baseURL + "/v3", Username: "100500", PayoutsUsername: "500500", PayoutsSecret: login,
			Links: map[string]string{"billing_payment": "hosting/payment", "payout_id": "field/payout"},
		},
		{Name: "field", System: "jumpfinance", URL: baseURL + "/services/openapi"},
		{Name: "cloud", System: "activeplatform", URL: baseURL + "/api/vendor/v1", Currency: "BYN", Options: map[string]string{"payment_method": "3"}},
	}
	for i := range accounts {
		a := &accounts[i]
		a.Secret, a.Sandbox, a.Rate, a.Workers, a.Timeout = login, true, 200, 8, 30*time.Second
	}
	return accounts
}

// login is the password, key and token of every sandbox account.
const login = "sandbox"

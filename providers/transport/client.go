package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"bursar/providers"
)

// Options sets a client up.
type Options struct {
	System  string // "yookassa"
	Account string // name in the configuration
	BaseURL string // paths are joined to it; no query
	// Rate is requests a second, Workers requests at once, Timeout one
	// request. Zero: 5, 4, 30 s.
	Rate    float64
	Workers int
	Timeout time.Duration
	// Insecure allows plain http to a host that is not this machine.
	Insecure bool
	CAFile   string // PEM file of a private authority
	// Secrets are blotted out of every text that leaves the client.
	Secrets []string
	Log     *slog.Logger // nil: no log
	// Decode turns an answer into an error, nil when the answer is good. It
	// need not fill System, Account and Op, nor RetryAfter from the header of
	// that name. Nil: DecodeStatus.
	Decode func(Request, Response) *providers.Error
	// Wait sleeps between the tries of a read; nil: until d or ctx is over.
	Wait func(ctx context.Context, d time.Duration) error
	Now  func() time.Time // nil: time.Now
}

// Client sends requests to one account of one system. It is safe for
// concurrent use.
type Client struct {
	opt     Options
	base    *url.URL
	http    *http.Client
	limiter *rate.Limiter
	workers chan struct{}
	blots   *strings.Replacer
}

// New checks the options. It sends nothing.
func New(o Options) (*Client, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("account %s: url must look like https://host/path", o.Account)
	}
	if base.User != nil || base.RawQuery != "" {
		return nil, fmt.Errorf("account %s: url must hold no login and no query; use username and secret", o.Account)
	}
	if base.Scheme == "http" && !o.Insecure && !Loopback(base.Hostname()) {
		return nil, fmt.Errorf("account %s: plain http to %s would show the secret to the network; use https, or set insecure = true", o.Account, base.Hostname())
	}
	if o.Rate <= 0 {
		o.Rate = 5
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Decode == nil {
		o.Decode = DecodeStatus
	}
	if o.Wait == nil {
		o.Wait = providers.Wait
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	wire, err := newWire(o)
	if err != nil {
		return nil, err
	}
	return &Client{
		opt:  o,
		base: base,
		http: &http.Client{
			Transport:     wire,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limiter: rate.NewLimiter(rate.Limit(o.Rate), max(1, int(o.Rate))),
		workers: make(chan struct{}, o.Workers),
		blots:   newBlots(o.Secrets),
	}, nil
}

func newWire(o Options) (*http.Transport, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		MaxIdleConnsPerHost:   o.Workers,
		IdleConnTimeout:       60 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
	if o.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(o.CAFile)
	if err != nil {
		return nil, fmt.Errorf("account %s: ca_file: %w", o.Account, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("account %s: ca_file %s holds no PEM certificate", o.Account, o.CAFile)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

// Loopback reports whether a host name is this machine.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Host is the host and port that the client talks to, for people.
func (c *Client) Host() string { return c.base.Host }

// Workers is how many requests may run at once.
func (c *Client) Workers() int { return c.opt.Workers }

// Wait sleeps until d or ctx is over, by the clock of the options.
func (c *Client) Wait(ctx context.Context, d time.Duration) error { return c.opt.Wait(ctx, d) }

// Close lets idle connections go.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Errorf makes an *Error of this account, its text cleaned.
func (c *Client) Errorf(op string, fault providers.Fault, format string, args ...any) *providers.Error {
	return c.finish(Request{Op: op}, &providers.Error{Fault: fault, Message: fmt.Sprintf(format, args...)})
}

// Clean returns a text as it may be shown: secrets blotted out, card numbers
// masked, control characters gone, not longer than a few lines.
func (c *Client) Clean(s string) string { return clean(c.blots.Replace(s)) }

func (c *Client) finish(r Request, e *providers.Error) *providers.Error {
	e.System, e.Account = c.opt.System, c.opt.Account
	if e.Op == "" {
		e.Op = r.Op
	}
	e.Message, e.Code, e.Field = c.Clean(e.Message), c.Clean(e.Code), c.Clean(e.Field)
	return e
}

// bare strips the address off the error of a request: *url.Error prints the
// whole URL, and a token may be in its query.
func bare(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

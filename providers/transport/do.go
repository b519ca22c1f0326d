package transport

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"bursar/providers"
)

// Request is one call. Op is the system's own name of it, for logs and errors.
type Request struct {
	Op      string
	Method  string
	Path    string // joined to the base URL; escaped already; "" is the base itself
	Query   url.Values
	Header  http.Header
	Body    []byte
	Changes bool // anything but a read: never sent twice by this package
}

// Response is an answer, read whole.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// maxBody bounds an answer; a page of a list is far smaller.
const maxBody = 64 << 20

// readTries is how often a read is sent before its error is reported.
const readTries = 3

// Do sends the request and returns the answer that Decode finds good. Every
// error is an *providers.Error. A read is tried up to three times; a changing
// request is sent once.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	if r.Changes {
		return c.once(ctx, r)
	}
	delays := backoff.NewExponentialBackOff()
	delays.InitialInterval = 300 * time.Millisecond
	for try := 1; ; try++ {
		resp, err := c.once(ctx, r)
		if err == nil || try == readTries || ctx.Err() != nil || !worthAnotherRead(err) {
			return resp, err
		}
		d := max(delays.NextBackOff(), providers.RetryAfterOf(err))
		if d > time.Minute || c.opt.Wait(ctx, d) != nil {
			return resp, err
		}
	}
}

func worthAnotherRead(err error) bool {
	switch providers.FaultOf(err) {
	case providers.FaultOffline, providers.FaultTimeout, providers.FaultServer, providers.FaultLimited, providers.FaultProtocol:
		return true
	default:
		return false
	}
}

func (c *Client) once(ctx context.Context, r Request) (Response, error) {
	if err := c.admit(ctx); err != nil {
		return Response{}, c.finish(r, &providers.Error{Fault: providers.FaultOffline, Message: "stopped before it was sent", Err: err})
	}
	defer func() { <-c.workers }()
	began := c.opt.Now()
	resp, err := c.send(ctx, r)
	var e *providers.Error
	if err != nil {
		e = c.finish(r, err)
	} else if bad := c.opt.Decode(r, resp); bad != nil {
		if bad.RetryAfter == 0 {
			bad.RetryAfter = retryAfter(resp.Header, c.opt.Now())
		}
		e = c.finish(r, bad)
	}
	c.log(ctx, r, resp, e, c.opt.Now().Sub(began))
	if e != nil {
		return resp, e
	}
	return resp, nil
}

// admit waits for a free worker and for the rate limit.
func (c *Client) admit(ctx context.Context) error {
	select {
	case c.workers <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := c.limiter.Wait(ctx); err != nil {
		<-c.workers
		return err
	}
	return nil
}

func (c *Client) send(ctx context.Context, r Request) (Response, *providers.Error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	var connected atomic.Bool // from then on the server may have seen the request
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, r.Method, c.address(r), bytes.NewReader(r.Body))
	if err != nil {
		return Response{}, &providers.Error{Fault: providers.FaultOffline, Message: "the request could not be made", Err: bare(err)}
	}
	for k, v := range r.Header {
		req.Header[k] = v
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Response{}, c.wireError(bare(err), connected.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	got := Response{Status: resp.StatusCode, Header: resp.Header, Body: body}
	switch {
	case err != nil && isTimeout(err):
		return got, &providers.Error{Fault: providers.FaultTimeout, Message: fmt.Sprintf("%s stopped answering half-way", c.base.Host), Err: bare(err)}
	case err != nil:
		return got, &providers.Error{Fault: providers.FaultProtocol, Message: fmt.Sprintf("the answer of %s was cut off", c.base.Host), Err: bare(err)}
	case len(body) > maxBody:
		return got, &providers.Error{Fault: providers.FaultProtocol, Message: fmt.Sprintf("the answer of %s is larger than %d MB", c.base.Host, maxBody>>20)}
	}
	return got, nil
}

func (c *Client) address(r Request) string {
	u := *c.base
	if r.Path != "" {
		joined := path.Join(u.EscapedPath(), r.Path)
		u.RawPath = joined
		if p, err := url.PathUnescape(joined); err == nil {
			u.Path = p
		}
	}
	u.RawQuery = r.Query.Encode()
	return u.String()
}

// wireError explains why no answer came.
func (c *Client) wireError(err error, connected bool) *providers.Error {
	host := c.base.Host
	var dns *net.DNSError
	var unknownCA x509.UnknownAuthorityError
	var badName x509.HostnameError
	switch {
	case errors.As(err, &unknownCA), errors.As(err, &badName):
		return &providers.Error{Fault: providers.FaultOffline, Message: fmt.Sprintf("the certificate of %s is not trusted (%v); set ca_file for a private authority", host, err), Err: err}
	case errors.As(err, &dns):
		return &providers.Error{Fault: providers.FaultOffline, Message: fmt.Sprintf("the name %s cannot be found; check url and the network", c.base.Hostname()), Err: err}
	case !connected && errors.Is(err, context.Canceled):
		return &providers.Error{Fault: providers.FaultOffline, Message: "stopped before it was sent", Err: err}
	case !connected:
		return &providers.Error{Fault: providers.FaultOffline, Message: fmt.Sprintf("no connection to %s: %v", host, reason(err)), Err: err}
	case isTimeout(err):
		return &providers.Error{Fault: providers.FaultTimeout, Message: fmt.Sprintf("no answer from %s within %v", host, c.opt.Timeout), Err: err}
	case errors.Is(err, context.Canceled):
		return &providers.Error{Fault: providers.FaultTimeout, Message: fmt.Sprintf("stopped while %s was answering", host), Err: err}
	default:
		return &providers.Error{Fault: providers.FaultProtocol, Message: fmt.Sprintf("%s closed the connection without an answer", host), Err: err}
	}
}

func reason(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	if isTimeout(err) {
		return errors.New("it took too long")
	}
	return err
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

func (c *Client) log(ctx context.Context, r Request, resp Response, e *providers.Error, took time.Duration) {
	if c.opt.Log == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("account", c.opt.Account), slog.String("op", r.Op), slog.String("method", r.Method),
		slog.Int("status", resp.Status), slog.Duration("took", took), slog.Int("bytes", len(resp.Body)),
	}
	level := slog.LevelInfo
	if e != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("fault", e.Fault.String()), slog.String("message", e.Message), slog.String("request_id", e.RequestID))
	}
	c.opt.Log.LogAttrs(ctx, level, "request", attrs...)
}

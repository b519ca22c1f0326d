package billmanager

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"bursar/providers"
	"bursar/providers/transport"
)

type loginMode string

const (
	loginSession  loginMode = "session"  // func=auth gives an id that every call carries
	loginAuthinfo loginMode = "authinfo" // every call carries user and password
)

// session is the login as it stands. One request at a time logs in; the others
// wait for it and use what it brought.
type session struct {
	mode loginMode
	turn chan struct{} // holds one token: whoever has it may log in

	mu      sync.Mutex
	current login
	// refused is the panel's no to these credentials. They are not tried again:
	// panels lock accounts after a few wrong tries.
	refused *providers.Error
}

// login is what a request carries to prove who it is. Each new one has a higher
// number, so that a request can tell whether another has logged in since.
type login struct {
	number int
	params url.Values
}

func newSession(mode loginMode) *session {
	s := &session{mode: mode, turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s
}

func (s *session) look() (login, *providers.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current, s.refused
}

func (s *session) set(l login, refused *providers.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current, s.refused = l, refused
}

// Relogin forgets the login and a remembered refusal, so that the next request
// logs in anew. It is for an operator who has corrected the account at the
// panel and asks for a refresh.
func (c *Client) Relogin() {
	now, _ := c.session.look()
	c.session.set(login{number: now.number}, nil)
}

// call sends one request, logged in. When the panel says that the login has
// gone, it logs in again at most once and sends the request again: the error
// document proves that nothing was done.
func (c *Client) call(ctx context.Context, fn string, params url.Values, changes bool) (document, error) {
	l, err := c.login(ctx, 0)
	if err != nil {
		return document{}, notSent(err, changes)
	}
	doc, err := c.send(ctx, request(fn, params, l.params, changes))
	if !mayBeExpiry(err) {
		return doc, err
	}
	if c.session.mode == loginAuthinfo {
		c.remember(l, err)
		return doc, err
	}
	if now, refused := c.session.look(); refused == nil && now.number == l.number && c.alive(ctx, l) {
		return doc, err // the login stands, so the refusal is about the request
	}
	if l, err = c.login(ctx, l.number); err != nil {
		return document{}, notSent(err, changes)
	}
	return c.send(ctx, request(fn, params, l.params, changes))
}

func (c *Client) send(ctx context.Context, r transport.Request) (document, error) {
	resp, err := c.http.Do(ctx, r)
	if err != nil {
		return document{}, err
	}
	doc, bad := parseDocument(resp.Body)
	if bad != nil {
		return document{}, c.http.Errorf(r.Op, bad.Fault, "%s", bad.Message)
	}
	return doc, nil
}

// notSent tells of a login that failed before a changing request was sent:
// whatever became of the login, nothing was done to the record.
func notSent(err error, changes bool) error {
	var e *providers.Error
	if !changes || !errors.As(err, &e) || providers.OutcomeOf(err) == providers.Refused {
		return err
	}
	told := *e
	told.Fault, told.Message = providers.FaultOffline, "not sent, for the login failed: "+e.Message
	return &told
}

// mayBeExpiry reports whether the error is one of those that an expired login
// brings; different versions of the panel use different ones.
func mayBeExpiry(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.Type == "auth" || r.Type == "access")
}

// alive asks the panel whether it still knows the login. Any answer but a clear
// no counts as yes, so that the first error is the one that is told.
func (c *Client) alive(ctx context.Context, l login) bool {
	_, err := c.whoami(ctx, l)
	return !mayBeExpiry(err)
}

func (c *Client) whoami(ctx context.Context, l login) (document, error) {
	doc, err := c.send(ctx, request(fnWhoami, nil, l.params, false))
	if err != nil {
		return doc, err
	}
	if !doc.has("user") {
		return doc, c.http.Errorf(fnWhoami, providers.FaultAuth, "the panel does not say who is logged in; check that the login may use the API")
	}
	return doc, nil
}

// login returns a login that is newer than the one numbered old.
func (c *Client) login(ctx context.Context, old int) (login, error) {
	if l, refused := c.session.look(); refused != nil {
		return login{}, refused
	} else if l.params != nil && l.number > old {
		return l, nil
	}
	select {
	case <-c.session.turn:
		defer func() { c.session.turn <- struct{}{} }()
	case <-ctx.Done():
		return login{}, c.http.Errorf(fnAuth, providers.FaultOffline, "stopped before it was sent")
	}
	now, refused := c.session.look() // another may have logged in meanwhile
	if refused != nil {
		return login{}, refused
	}
	if now.params != nil && now.number > old {
		return now, nil
	}
	l, err := c.prove(ctx, login{number: now.number + 1})
	if err != nil {
		c.remember(login{number: now.number}, err)
		return login{}, err
	}
	c.session.set(l, nil)
	return l, nil
}

// prove logs in and asks who is logged in: an id alone is no proof, for a login
// with two-factor confirmation gets one too.
func (c *Client) prove(ctx context.Context, l login) (login, error) {
	if c.session.mode == loginAuthinfo {
		l.params = url.Values{"authinfo": {c.account.Username + ":" + c.account.Secret}}
	} else {
		// Sent as a change: the transport must not repeat a login by itself.
		doc, err := c.send(ctx, request(fnAuth, url.Values{"username": {c.account.Username}, "password": {c.account.Secret}}, nil, true))
		if err != nil {
			return l, err
		}
		id := doc.attr("auth", "id")
		if id == "" {
			id = doc.text("auth")
		}
		if id == "" {
			return l, c.http.Errorf(fnAuth, providers.FaultProtocol, "the panel accepted the login but gave no session id")
		}
		l.params = url.Values{"auth": {id}}
	}
	_, err := c.whoami(ctx, l)
	return l, err
}

// remember keeps the panel's no to the credentials themselves.
func (c *Client) remember(l login, err error) {
	var r *refusal
	var e *providers.Error
	if !errors.As(err, &r) || !errors.As(err, &e) {
		return
	}
	// A session that is refused without a reason was refused at the login; a
	// single call may just as well have met something that passes.
	wrong := r.Object == "badpassword" || r.Object != "badip" && c.session.mode == loginSession
	switch {
	case r.Type == "auth" && wrong, r.Type == "captcha_verification_failed", r.Type == "extraconfirm":
		c.session.set(login{number: l.number}, e)
	}
}

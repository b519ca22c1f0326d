package billmanager

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one login at one panel. It is safe for concurrent use.
type Client struct {
	http    *transport.Client
	account transport.Account
	session *session
	returns *returns
	zone    *time.Location
	now     func() time.Time
}

// New makes the client of an account. It sends nothing.
//
// The account's URL is the panel's whole address (https://host:1500/billmgr);
// nothing is appended. Options: login is session, the default, or authinfo;
// timezone is the panel's zone, such as Europe/Moscow, for the panel prints its
// dates without one. Links may name columns of the list that hold ids of
// another account's records.
func New(a transport.Account) (*Client, error) {
	c := &Client{account: a, now: a.Now}
	if c.now == nil {
		c.now = time.Now
	}
	c.zone = c.now().Location()
	mode := loginSession
	for name, value := range a.Options {
		switch name {
		case "login":
			mode = loginMode(value)
			if mode != loginSession && mode != loginAuthinfo {
				return nil, fmt.Errorf("account %s: login is %q; write session or authinfo", a.Name, value)
			}
		case "timezone":
			zone, err := time.LoadLocation(value)
			if err != nil {
				return nil, fmt.Errorf("account %s: timezone %q is unknown; write a name such as Europe/Moscow", a.Name, value)
			}
			c.zone = zone
		default:
			return nil, fmt.Errorf("account %s: billmanager has no option %q; the options are login and timezone", a.Name, name)
		}
	}
	for column, target := range a.Links {
		if account, kind, ok := strings.Cut(target, "/"); !ok || account == "" || !slices.Contains(providers.Kinds(), providers.Kind(kind)) {
			return nil, fmt.Errorf("account %s: the link of %s is %q; write ACCOUNT/KIND, for example shop/payment", a.Name, column, target)
		}
	}
	var err error
	if c.http, err = a.Client(decode); err != nil {
		return nil, err
	}
	c.session = newSession(mode)
	c.returns = newReturns()
	return c, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says which account and host this is.
func (c *Client) Info() providers.Info { return c.account.Info("BILLmanager", c.http) }

// Kinds lists what the panel has.
func (c *Client) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payment, providers.Refund}
}

func (c *Client) ref(kind providers.Kind, id string) providers.Ref {
	return providers.Ref{Account: c.account.Name, Kind: kind, ID: id}
}

// The panel's functions.
const (
	fnAuth    = "auth"
	fnWhoami  = "whoami"
	fnList    = "payment"
	fnHistory = "payment.history"
	fnItems   = "payment.orderinfo"
	fnSpent   = "payment.expense"
	fnSetpaid = "payment.setpaid"
	fnDelete  = "payment.delete"
	fnRefund  = "payment.refund"
)

// request builds the POST of one function. Nothing of it stands in the
// address.
func request(fn string, params url.Values, login url.Values, changes bool) transport.Request {
	form := url.Values{"func": {fn}, "out": {"json"}, "lang": {"en"}}
	for _, part := range []url.Values{params, login} {
		for name, values := range part {
			form.Set(name, values[0])
		}
	}
	return transport.Request{
		Op: fn, Method: "POST", Changes: changes, Body: []byte(form.Encode()),
		Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
	}
}

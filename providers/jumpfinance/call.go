package jumpfinance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bursar/providers"
	"bursar/providers/transport"
)

// call sends one request and returns the body of a good answer.
func (c *Client) call(ctx context.Context, key string, query url.Values, body any, path ...string) ([]byte, error) {
	r := c.routes[key]
	req := transport.Request{
		Op: r.op(), Method: r.method, Path: r.pathOf(path...), Query: query, Changes: r.method != http.MethodGet,
		Header: http.Header{"Client-Key": {c.a.Secret}, "Accept": {"application/json"}, "Content-Type": {"application/json"}},
	}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, c.errorf(key, providers.FaultInput, "%v", err)
		}
		req.Body = raw
	}
	resp, err := c.http.Do(ctx, req)
	if err != nil {
		return nil, c.explain(key, resp.Status, err)
	}
	return resp.Body, nil
}

func (c *Client) errorf(key string, fault providers.Fault, format string, args ...any) *providers.Error {
	return c.http.Errorf(c.routes[key].op(), fault, format, args...)
}

// explain adds what only the caller of a path knows: that the path is a guess,
// and that a bad request for a repeat means that the payout's state forbids it.
func (c *Client) explain(key string, status int, err error) error {
	var e *providers.Error
	if !errors.As(err, &e) {
		return err
	}
	r := c.routes[key]
	if r.mark != published && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed) {
		e.Message = fmt.Sprintf("%s; the path %s is inferred, not published: if your account has another, set paths.%q", strings.TrimSuffix(e.Message, "."), r.path, key)
	}
	if key == "payments.repeat" && status == http.StatusBadRequest {
		e.Fault = providers.FaultState
	}
	return e
}

// errNoDocument marks an error answer that is not the service's own: a web
// page of a proxy, or nothing at all.
var errNoDocument = errors.New("the answer is not the service's own error document")

type wireError struct {
	Title  text                 `json:"title"`
	Detail text                 `json:"detail"`
	Code   text                 `json:"code"`
	Fields rows[wireErrorField] `json:"fields"`
}

type wireErrorField struct {
	Field    text   `json:"field"`
	Messages []text `json:"messages"`
}

// statusInUse is the service's answer for an object that is in use.
const statusInUse = 499

// decode turns an answer into an error; nil when it is good.
func decode(r transport.Request, resp transport.Response) *providers.Error {
	e := transport.DecodeStatus(r, resp)
	if e == nil {
		switch {
		case resp.Status == http.StatusNoContent && len(resp.Body) == 0:
			return nil
		case transport.LooksLikeHTML(resp.Body):
			return &providers.Error{Fault: providers.FaultProtocol, Message: "a web page came instead of data; check url"}
		case !json.Valid(resp.Body):
			return &providers.Error{Fault: providers.FaultProtocol, Message: "the answer is not JSON, or not whole"}
		}
		return nil
	}
	switch resp.Status {
	case statusInUse:
		e.Fault = providers.FaultState
	case http.StatusTooManyRequests:
		e.Message = "too many requests"
	}
	var doc struct {
		Error object[wireError] `json:"error"`
	}
	if json.Unmarshal(resp.Body, &doc) != nil || !doc.Error.known {
		e.Err = errNoDocument
		return e
	}
	doc.Error.v.into(e)
	return e
}

// into puts the service's words into the error: the detail alone is generic,
// so the fields follow.
func (w wireError) into(e *providers.Error) {
	words := []string{}
	for _, t := range []text{w.Title, w.Detail} {
		if s := t.String(); s != "" && !strings.EqualFold(s, "ошибка") && (len(words) == 0 || words[0] != s) {
			words = append(words, s)
		}
	}
	for _, f := range w.Fields {
		name := formField(f.Field.String())
		if e.Field == "" {
			e.Field = name
		}
		for _, m := range f.Messages {
			words = append(words, name+": "+m.String())
		}
	}
	if len(words) > 0 {
		e.Message = strings.Join(words, "; ")
	}
	if code := w.Code.String(); code != "" {
		e.Code = code
	}
}

// formField is the form's name of a refused field; nested names come dotted.
func formField(name string) string {
	return strings.TrimPrefix(name, "requisite.")
}

// prepare turns the error of a read before a change into one that says the
// truth about the change: nothing was sent.
func (c *Client) prepare(key, what string, err error) error {
	var e *providers.Error
	if !errors.As(err, &e) {
		return c.errorf(key, providers.FaultOffline, "nothing was sent: %s: %v", what, err)
	}
	out := *e
	out.Op = c.routes[key].op()
	out.Message = fmt.Sprintf("nothing was sent: %s: %s", what, e.Message)
	if providers.OutcomeOf(err) != providers.Refused {
		out.Fault = providers.FaultOffline
	}
	return &out
}

// item reads one object.
func (c *Client) item(ctx context.Context, key string, query url.Values, path ...string) (json.RawMessage, error) {
	body, err := c.call(ctx, key, query, nil, path...)
	if err != nil {
		return nil, err
	}
	raw, err := itemOf(body)
	if err != nil {
		return nil, c.errorf(key, providers.FaultProtocol, "%v", err)
	}
	return raw, nil
}

// items reads one page of a list.
func (c *Client) items(ctx context.Context, key string, query url.Values, page, perPage int, path ...string) ([]json.RawMessage, pages, error) {
	q := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(perPage)}}
	for k, v := range query {
		q[k] = v
	}
	body, err := c.call(ctx, key, q, nil, path...)
	if err != nil {
		return nil, pages{}, err
	}
	raws, meta, err := itemsOf(body)
	if err != nil {
		return nil, pages{}, c.errorf(key, providers.FaultProtocol, "%v", err)
	}
	return raws, meta, nil
}

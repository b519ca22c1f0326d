package activeplatform

import (
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Form is the shape of the answer to a list.
type Form uint8

// The forms. The vendor's sample shows a bare object where other lists of the
// same interface are arrays.
const (
	Array   Form = iota // [{…},{…}]
	Object              // {…} when the page holds one record, else an array
	Wrapped             // {"payments":[{…},{…}]}
)

// Options sets a panel up. The switches stand where the vendor's documents are
// silent; their zero values are what a real panel most likely does.
type Options struct {
	World *world.World
	Gate  *gate.Gate
	// Token is the manager's token; "" is "sandbox".
	Token string
	// Currency is the installation's; the ledger shows it, the interface never
	// does. "" is "BYN".
	Currency string
	Form     Form
	// IgnorePage makes a list answer its first page whatever page was asked.
	IgnorePage bool
	// PerPage is the page size when none was asked, MaxPerPage its ceiling.
	// Zero: 20 and 100.
	PerPage, MaxPerPage int
	// NoHeaderToken makes the panel refuse a token that comes as X-Api-Token.
	NoHeaderToken bool
	// SignInPage makes the panel answer a refused token with the sign-in page
	// and status 200, as some installations do; SignInRedirect sends there.
	SignInPage, SignInRedirect bool
	// NotFoundPage makes an unknown record a web page with status 404.
	NotFoundPage bool
	// CreateStatus is the status of a payment's creation; zero is 201.
	CreateStatus int
	// Forbid lists the calls that the manager's role may not make, such as
	// "POST /payments.json".
	Forbid []string
}

// Simulator is one panel. Its rows are guarded by the gate.
type Simulator struct {
	opt      Options
	rows     *world.Table[payment]
	places   map[int]int // id -> row, of the rows that did not come with the world
	accounts int
	nextID   int
	// disordered is set when a row was added whose id is not the highest, so
	// that rows have to be sorted by id.
	disordered bool
	lastID     int
}

// New makes a panel over the world's cloud payments.
func New(o Options) *Simulator {
	if o.Token == "" {
		o.Token = "sandbox"
	}
	if o.Currency == "" {
		o.Currency = "BYN"
	}
	if o.PerPage == 0 {
		o.PerPage = 20
	}
	if o.MaxPerPage == 0 {
		o.MaxPerPage = 100
	}
	if o.CreateStatus == 0 {
		o.CreateStatus = http.StatusCreated
	}
	s := &Simulator{opt: o, places: map[int]int{}, nextID: firstCreatedID, accounts: o.World.Clients()}
	s.rows = world.NewTable(o.World.Cloud().Len(), s.made)
	return s
}

// Name is the system's name in the ledger and in fault specs.
func (s *Simulator) Name() string { return "activeplatform" }

func (s *Simulator) system() gate.System {
	return gate.System{
		Name:    s.Name(),
		Expired: s.unauthorized,
		Failed:  func() gate.Answer { return gate.JSON(http.StatusInternalServerError, failure{"Internal Server Error"}) },
		Limited: func(int) gate.Answer { return gate.JSON(http.StatusTooManyRequests, failure{"Too many requests"}) },
	}
}

// maxBody bounds a request's body.
const maxBody = 1 << 20

// request is one call, its path taken apart.
type request struct {
	*http.Request
	call string // "POST /payments/{id}/complete.json"
	id   string // of the path
	body []byte
}

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	q := request{Request: r, body: body}
	q.call, q.id = callOf(r)
	c := gate.Call{Name: q.call, Changes: r.Method != http.MethodGet}
	if q.id != "" {
		c.IDs = append(c.IDs, q.id)
	}
	if q.call == callCreate {
		c.IDs = append(c.IDs, accountIn(body)...)
	}
	s.opt.Gate.Serve(w, r, s.system(), c, func() gate.Answer { return s.answer(q) })
}

// The calls, in the vendor's own words.
const (
	callList     = "GET /payments.json"
	callGet      = "GET /payments/{id}.json"
	callCreate   = "POST /payments.json"
	callComplete = "POST /payments/{id}/complete.json"
	callAccounts = "GET /accounts.json"
	callUsers    = "GET /accounts/{id}/users.json"
)

// callOf names the call and the record in its path.
func callOf(r *http.Request) (call, id string) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/vendor/v1"), "/api/v1/reseller")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case len(parts) == 2:
		if bare, ok := strings.CutSuffix(parts[1], ".json"); ok {
			return fmt.Sprintf("%s /%s/{id}.json", r.Method, parts[0]), bare
		}
	case len(parts) == 3:
		return fmt.Sprintf("%s /%s/{id}/%s", r.Method, parts[0], parts[2]), parts[1]
	}
	return r.Method + " " + path, ""
}

func (s *Simulator) answer(q request) gate.Answer {
	if !s.admits(q.Request) {
		return s.unauthorized()
	}
	for _, call := range s.opt.Forbid {
		if call == q.call {
			return gate.JSON(http.StatusForbidden, failure{"You are not authorized to perform this action"})
		}
	}
	switch q.call {
	case callList:
		return s.list(q)
	case callGet:
		return s.get(q)
	case callCreate:
		return s.create(q)
	case callComplete:
		return s.complete(q)
	case callAccounts:
		return s.listAccounts(q)
	case callUsers:
		return s.users(q)
	default:
		return s.notFound()
	}
}

// admits checks the token: in the query as documented, or as a header. Both
// must agree when both are there.
func (s *Simulator) admits(r *http.Request) bool {
	inQuery, inHeader := r.URL.Query()["api_token"], r.Header.Values("X-Api-Token")
	if s.opt.NoHeaderToken {
		inHeader = nil
	}
	tokens := append(append([]string{}, inQuery...), inHeader...)
	for _, token := range tokens {
		if subtle.ConstantTimeCompare([]byte(token), []byte(s.opt.Token)) != 1 {
			return false
		}
	}
	return len(tokens) > 0
}

const signIn = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=\"/managers/sign_in\" method=\"post\">" +
	"<input name=\"manager[email]\"><input type=\"password\" name=\"manager[password]\"></form></body></html>\n"

func (s *Simulator) unauthorized() gate.Answer {
	switch {
	case s.opt.SignInPage:
		return page(http.StatusOK, signIn)
	case s.opt.SignInRedirect:
		a := page(http.StatusFound, "<html><body>You are being redirected.</body></html>")
		a.Header.Set("Location", "/managers/sign_in")
		return a
	default:
		return gate.JSON(http.StatusUnauthorized, failure{"Invalid API token"})
	}
}

func (s *Simulator) notFound() gate.Answer {
	if s.opt.NotFoundPage {
		return page(http.StatusNotFound, "<!DOCTYPE html>\n<html><body><h1>The page you were looking for doesn't exist.</h1></body></html>\n")
	}
	return gate.JSON(http.StatusNotFound, failure{"Record not found"})
}

func page(status int, html string) gate.Answer {
	return gate.Answer{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(html)}
}

// failure is the error document of a refused call.
type failure struct {
	Error string `json:"error"`
}

// invalid is the error document of refused fields.
func invalid(fields map[string][]string) gate.Answer {
	return gate.JSON(http.StatusUnprocessableEntity, map[string]any{"errors": fields})
}

func wrong(field, why string) gate.Answer {
	return invalid(map[string][]string{field: {why}})
}

package billmanager

import (
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bursar/providers/sandbox/world"
)

// visit is one login's session.
type visit struct {
	identity
	last time.Time
	half bool // waits for a two-factor code
}

// who is the caller of a request; nil when nobody logged in.
type who struct {
	identity
	half    bool
	session string // empty for authinfo
}

// caller finds out who sends the request. authinfo counts before a session.
func (s *Simulator) caller(q request) (*who, *failure) {
	if s.opt.Blocked == BlockedByPanel {
		return nil, &failure{kind: "auth", object: "badip", say: sayBadIP}
	}
	if info := q.get("authinfo"); info != "" {
		name, password, _ := strings.Cut(info, ":")
		if !s.correct(name, password) {
			return nil, &failure{kind: "auth", object: "badpassword", say: sayBadPassword}
		}
		return s.actAs(q.get("su"), &who{identity: s.employee()})
	}
	id := q.session()
	v, ok := s.visits[id]
	if !ok || s.gate().Now().Sub(v.last) > s.opt.IdleExpiry {
		delete(s.visits, id)
		return nil, s.expired()
	}
	v.last = s.gate().Now()
	s.visits[id] = v
	if q.get("auth") == "" && q.foreign && s.changes(q) {
		return nil, &failure{kind: "access", object: q.fn, say: sayForeignPage}
	}
	return s.actAs(q.get("su"), &who{identity: v.identity, half: v.half, session: id})
}

// employee is the one login.
func (s *Simulator) employee() identity {
	return identity{name: s.opt.Username, level: s.opt.Level}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Simulator) correct(name, password string) bool {
	return same(name, s.opt.Username) && same(password, s.opt.Password)
}

// auth is the function that gives a session.
func (s *Simulator) auth(q request) (node, *failure) {
	if s.opt.Blocked == BlockedByPanel {
		return node{}, &failure{kind: "auth", object: "badip", say: sayBadIP}
	}
	if s.opt.Captcha {
		return node{}, &failure{kind: "captcha_verification_failed", say: sayCaptcha}
	}
	if q.get("key") != "" {
		return s.keyLogin(q)
	}
	if !s.correct(q.get("username"), q.get("password")) {
		return node{}, &failure{kind: "auth", object: "badpassword", say: sayBadPassword}
	}
	return s.open(s.employee(), s.opt.TwoFactorCode != ""), nil
}

// confirm is the second step: a new id takes the place of the half one.
func (s *Simulator) confirm(q request, by *who) (node, *failure) {
	if !by.half || q.get("sok") != "ok" || q.get("qrcode") != s.opt.TwoFactorCode {
		return node{}, badValue("qrcode", q.get("qrcode"))
	}
	delete(s.visits, by.session)
	return s.open(by.identity, false), nil
}

func (s *Simulator) open(by identity, half bool) node {
	s.logins++
	id := fmt.Sprintf("%012x", world.Mix(s.opt.World.Seed, "session", s.logins)>>16)
	s.visits[id] = visit{identity: by, last: s.gate().Now(), half: half}
	return leaf("auth", id).with("id", id).with("level", strconv.Itoa(by.level))
}

func (s *Simulator) whoami(by *who) node {
	return node{name: "user"}.with("name", by.name).with("level", strconv.Itoa(by.level)).with("balance", s.Balance(by.account, "RUB").StringFixed(2)+" RUB").with("currency", "RUB")
}

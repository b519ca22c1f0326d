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
	last time.Time
	half bool // waits for a two-factor code
}

// who is the caller of a request; nil when nobody logged in.
type who struct {
	name    string
	level   int
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
		return &who{name: name, level: s.opt.Level}, nil
	}
	id := q.get("auth")
	v, ok := s.visits[id]
	if !ok || s.gate().Now().Sub(v.last) > s.opt.IdleExpiry {
		delete(s.visits, id)
		return nil, s.expired()
	}
	v.last = s.gate().Now()
	s.visits[id] = v
	return &who{name: s.opt.Username, level: s.opt.Level, half: v.half, session: id}, nil
}

func (s *Simulator) correct(name, password string) bool {
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
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
	if !s.correct(q.get("username"), q.get("password")) {
		return node{}, &failure{kind: "auth", object: "badpassword", say: sayBadPassword}
	}
	return s.open(s.opt.TwoFactorCode != ""), nil
}

// confirm is the second step: a new id takes the place of the half one.
func (s *Simulator) confirm(q request, by *who) (node, *failure) {
	if !by.half || q.get("sok") != "ok" || q.get("qrcode") != s.opt.TwoFactorCode {
		return node{}, badValue("qrcode", q.get("qrcode"))
	}
	delete(s.visits, by.session)
	return s.open(false), nil
}

func (s *Simulator) open(half bool) node {
	s.logins++
	id := fmt.Sprintf("%012x", world.Mix(s.opt.World.Seed, "session", s.logins)>>16)
	s.visits[id] = visit{last: s.gate().Now(), half: half}
	return leaf("auth", id).with("id", id).with("level", strconv.Itoa(s.opt.Level))
}

func (s *Simulator) whoami(by *who) node {
	return node{name: "user"}.with("name", by.name).with("level", strconv.Itoa(by.level)).with("balance", "0.00 RUB").with("currency", "RUB")
}

package billmanager

import (
	"strconv"
	"strings"

	"bursar/providers/sandbox/world"
)

// identity is a user of the panel: the one employee, or a client.
type identity struct {
	name    string
	level   int
	account string // a client's; such a user sees nothing but its own payments
}

// The levels of users and the first ids of what belongs to clients.
const (
	staff        = 29
	clientLevel  = 16
	firstAccount = 20_001
	firstProfile = 40_001
)

// minKey is how long a key for a login without a password is at least.
const minKey = 16

// user is the user of that name. A client's name is the one that the payments
// show as account_name.
func (s *Simulator) user(name string) (identity, bool) {
	if name == s.opt.Username {
		return identity{name: name, level: s.opt.Level}, true
	}
	local, _, _ := strings.Cut(name, "@")
	row, err := strconv.Atoi(strings.TrimLeftFunc(local, func(r rune) bool { return r < '0' || r > '9' }))
	if err != nil || row < 0 || row >= s.opt.World.Clients() {
		return identity{}, false
	}
	p := s.opt.World.Person(world.Clients, row)
	return identity{name: name, level: clientLevel, account: strconv.Itoa(firstAccount + row)}, p.Email == name
}

// client is the person behind an id that counts from first.
func (s *Simulator) client(id string, first int) (world.Person, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < first || n-first >= s.opt.World.Clients() || strconv.Itoa(n) != id {
		return world.Person{}, false
	}
	return s.opt.World.Person(world.Clients, n-first), true
}

// profileType is what the panel calls a person: individual, legal entity or
// sole proprietor.
func profileType(p world.Person) int {
	switch {
	case strings.HasPrefix(p.Company, "ИП"):
		return 3
	case p.Company != "":
		return 2
	default:
		return 1
	}
}

// newKey lets a user log in once with a key instead of a password.
func (s *Simulator) newKey(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	for _, name := range []string{"username", "key"} {
		if q.get(name) == "" {
			return nil, noParam(name)
		}
	}
	name, key := q.get("username"), q.get("key")
	if _, ok := s.user(name); !ok {
		return nil, missed("user", name)
	}
	if len(key) < minKey {
		return nil, badValue("key", "***")
	}
	s.keys[name] = key
	return []node{leaf("ok", "")}, nil
}

// keyLogin spends the key of session.newkey.
func (s *Simulator) keyLogin(q request) (node, *failure) {
	name := q.get("username")
	who, ok := s.user(name)
	if key := s.keys[name]; !ok || key == "" || !same(key, q.get("key")) {
		return node{}, &failure{kind: "auth", object: "badpassword", say: sayBadPassword}
	}
	delete(s.keys, name)
	return s.open(who, false), nil
}

// actAs gives the caller the rights of another user, for this call alone.
func (s *Simulator) actAs(name string, by *who) (*who, *failure) {
	if name == "" || name == by.name {
		return by, nil
	}
	if by.level < staff {
		return nil, &failure{kind: "access", object: "su", value: name, say: sayNoRight}
	}
	other, ok := s.user(name)
	if !ok {
		return nil, missed("user", name)
	}
	return &who{identity: other, half: by.half, session: by.session}, nil
}

// su gives a session with a client's rights. The element is the client, not a
// payment.
func (s *Simulator) su(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	ids := q.ids()
	switch {
	case len(ids) == 0:
		return nil, noParam("elid")
	case len(ids) > 1:
		return nil, badValue("elid", q.get("elid"))
	}
	p, ok := s.client(ids[0], firstAccount)
	if !ok {
		return nil, missed("account", ids[0])
	}
	return []node{s.open(identity{name: p.Email, level: clientLevel, account: ids[0]}, false)}, nil
}

package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/shopspring/decimal"

	"bursar/providers"
)

// Config is the whole file.
type Config struct {
	Theme    string              `toml:"theme"`
	Confirm  Confirm             `toml:"confirm"`
	Keys     map[string][]string `toml:"keys"` // key map id -> keys
	Accounts map[string]Account  `toml:"accounts"`
}

// Confirm is what an operator has to type before money moves.
type Confirm struct {
	// SumAbove asks for the sum as well as the count when a batch moves more
	// than this in any currency. Empty: never.
	SumAbove string `toml:"sum_above"`
}

// Account is one login at one payment system.
type Account struct {
	System   string            `toml:"system"`
	URL      string            `toml:"url"`
	Username string            `toml:"username"`
	Secret   string            `toml:"secret"` // env: file: command: keyring:
	Payouts  *Login            `toml:"payouts"`
	ReadOnly *bool             `toml:"read_only"` // absent: true
	Sandbox  bool              `toml:"sandbox"`   // shown as SANDBOX; only for a host that is this machine
	Rate     float64           `toml:"rate"`
	Workers  int               `toml:"workers"`
	Timeout  string            `toml:"timeout"`
	Insecure bool              `toml:"insecure"`
	CAFile   string            `toml:"ca_file"`
	Currency string            `toml:"currency"`
	Paths    map[string]string `toml:"paths"`
	Links    map[string]string `toml:"links"`
	Options  map[string]string `toml:"options"`
}

// Login is a second pair of a system that keeps payouts apart.
type Login struct {
	Username string `toml:"username"`
	Secret   string `toml:"secret"`
}

// IsReadOnly is the account's switch; a new account is read-only until the
// file says otherwise.
func (a Account) IsReadOnly() bool { return a.ReadOnly == nil || *a.ReadOnly }

// Systems are the payment systems that an account may name.
func Systems() []string { return []string{"billmanager", "yookassa", "jumpfinance", "activeplatform"} }

// maxFile bounds the file, so that a wrong path does not fill the memory.
const maxFile = 1 << 20

// Load reads the file. It is fs.ErrNotExist when there is none.
func Load(path string) (Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Config{}, err
	}
	if info.Size() > maxFile {
		return Config{}, fmt.Errorf("%s is larger than a configuration can be", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	c, err := Parse(text)
	if err != nil {
		return Config{}, fmt.Errorf("%s%w", path, err)
	}
	return c, nil
}

// Exists reports whether there is a file at path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Parse reads the text of a file. Its error begins with the line, as
// ":12: …", so that the file's name can stand before it.
func Parse(text []byte) (Config, error) {
	var c Config
	dec := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return Config{}, explain(err)
	}
	if err := c.validate(text); err != nil {
		return Config{}, err
	}
	return c, nil
}

// explain puts a parser's error into one sentence with its line. It never
// quotes values: one may be a secret pasted in the wrong place.
func explain(err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) && len(missing.Errors) > 0 {
		e := missing.Errors[0]
		line, _ := e.Position()
		key := e.Key()
		name := key[len(key)-1]
		msg := fmt.Sprintf(":%d: no key %q", line, strings.Join(key, "."))
		if near := providers.Nearest(name, keysAt(key)); near != "" {
			msg += fmt.Sprintf("; did you mean %q?", near)
		}
		return errors.New(msg)
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		line, column := bad.Position()
		msg := strings.TrimPrefix(bad.Error(), "toml: ")
		if at := strings.Index(msg, ":"); at > 0 && strings.Contains(msg, "cannot") {
			msg = msg[:at]
		}
		return fmt.Errorf(":%d: column %d: %s", line, column, msg)
	}
	return fmt.Errorf(": %w", err)
}

// keysAt lists the keys that may stand beside the last part of key.
func keysAt(key toml.Key) []string {
	switch {
	case len(key) == 1:
		return tags(Config{})
	case key[0] == "confirm":
		return tags(Confirm{})
	case key[0] == "accounts" && len(key) == 3:
		return tags(Account{})
	case key[0] == "accounts" && len(key) == 4 && key[2] == "payouts":
		return tags(Login{})
	default:
		return nil
	}
}

func tags(v any) []string {
	var out []string
	t := reflect.TypeOf(v)
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("toml"))
	}
	return out
}

func (c Config) validate(text []byte) error {
	if c.Confirm.SumAbove != "" {
		if _, err := c.SumAbove(); err != nil {
			return at(text, "sum_above", "confirm.sum_above: %v", err)
		}
	}
	for _, name := range c.Names() {
		if err := c.Accounts[name].validate(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (a Account) validate(name string, text []byte) error {
	table := "[accounts." + name + "]"
	if !plainName(name) {
		return at(text, table, "the account name %q may hold letters, digits, - and _ only", name)
	}
	if !slices.Contains(Systems(), a.System) {
		msg := fmt.Sprintf("account %s: system %q is none of %s", name, a.System, strings.Join(Systems(), ", "))
		if a.System == "" {
			msg = fmt.Sprintf("account %s: system is missing; it is one of %s", name, strings.Join(Systems(), ", "))
		}
		return at(text, table, "%s", msg)
	}
	if a.URL == "" {
		return at(text, table, "account %s: url is missing", name)
	}
	if a.Secret == "" {
		return at(text, table, "account %s: secret is missing; write where it comes from, for example \"env:%s_SECRET\"", name, strings.ToUpper(name))
	}
	if err := checkSource(a.Secret); err != nil {
		return at(text, table, "account %s: secret %v", name, err)
	}
	if a.Payouts != nil {
		if err := checkSource(a.Payouts.Secret); err != nil {
			return at(text, table, "account %s: payouts.secret %v", name, err)
		}
	}
	if _, err := a.Wait(); err != nil {
		return at(text, table, "account %s: timeout %q is no duration; write for example \"30s\"", name, a.Timeout)
	}
	if a.Rate < 0 || a.Workers < 0 {
		return at(text, table, "account %s: rate and workers cannot be less than zero", name)
	}
	for field, target := range a.Links {
		if _, err := providers.ParseRef(target + "/x"); err != nil {
			return at(text, table, "account %s: links.%s must look like \"hosting/payment\"", name, field)
		}
	}
	return nil
}

// Wait is the account's timeout; zero when the file says nothing.
func (a Account) Wait() (time.Duration, error) {
	if a.Timeout == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(a.Timeout)
	if err == nil && d <= 0 {
		err = errors.New("it must be more than zero")
	}
	return d, err
}

// SumAbove is the limit above which a sum must be typed, zero for none.
func (c Config) SumAbove() (decimal.Decimal, error) {
	if c.Confirm.SumAbove == "" {
		return decimal.Decimal{}, nil
	}
	return providers.ParseAmount(c.Confirm.SumAbove)
}

// Names lists the accounts by name.
func (c Config) Names() []string {
	names := make([]string, 0, len(c.Accounts))
	for name := range c.Accounts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func plainName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return s != ""
}

// at makes an error that begins with the line where the word stands.
func at(text []byte, word, format string, args ...any) error {
	line := 1
	if i := bytes.Index(text, []byte(word)); i >= 0 {
		line += bytes.Count(text[:i], []byte("\n"))
	}
	return fmt.Errorf(":%d: %s", line, fmt.Sprintf(format, args...))
}

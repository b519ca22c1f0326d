package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `
theme = "light"
[confirm]
sum_above = "1000.00"
[accounts.shop]
system = "yookassa"
url = "https://api.yookassa.ru/v3"
username = "100500"
secret = "env:SHOP"
payouts = { username = "500500", secret = "env:PAYOUT" }
read_only = false
rate = 5
workers = 4
timeout = "30s"
links = { billing_payment = "hosting/payment" }
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	a := c.Accounts["shop"]
	limit, _ := c.SumAbove()
	wait, _ := a.Wait()
	if c.Theme != "light" || limit.String() != "1000" || a.IsReadOnly() || a.Payouts.Username != "500500" || wait.Seconds() != 30 || a.Rate != 5 {
		t.Errorf("read %+v", c)
	}
	if !(Account{}).IsReadOnly() {
		t.Error("a new account is not read-only")
	}
}

func TestErrorsNameLineAndCure(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an unknown key", strings.Replace(good, "username = \"100500\"", "usernam = \"100500\"", 1), `:8: no key "accounts.shop.usernam"; did you mean "username"?`},
		{"an unknown top key", "tema = \"dark\"\n", `:1: no key "tema"; did you mean "theme"?`},
		{"no system", "[accounts.a]\nurl = \"https://x\"\nsecret = \"env:A\"", ":1: account a: system is missing"},
		{"a wrong system", "[accounts.a]\nsystem = \"paypal\"", `system "paypal" is none of billmanager`},
		{"no url", "[accounts.a]\nsystem = \"yookassa\"\nsecret = \"env:A\"", "url is missing"},
		{"no secret", "[accounts.a]\nsystem = \"yookassa\"\nurl = \"https://x\"", `"env:A_SECRET"`},
		{"a secret in the file", strings.Replace(good, "env:SHOP", "live_topsecret", 1), "does not belong into this file"},
		{"a bad amount", "[confirm]\nsum_above = \"lots\"", ":2: confirm.sum_above"},
		{"a bad duration", strings.Replace(good, "30s", "soon", 1), `timeout "soon"`},
		{"a bad link", strings.Replace(good, "hosting/payment", "hosting", 1), "links.billing_payment"},
		{"no TOML", "theme = ", ":1: column"},
		{"a bad name", "[accounts.\"a b\"]\nsystem = \"yookassa\"", "may hold letters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q in it", err, tt.want)
			}
			if strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error quotes the secret or has several lines: %v", err)
			}
		})
	}
}

func TestTemplateParses(t *testing.T) {
	if _, err := Parse([]byte(Template)); err != nil {
		t.Error(err)
	}
	uncommented := strings.ReplaceAll(Template, "\n# [", "\n[")
	for _, key := range []string{"system", "url", "username", "secret", "read_only", "rate", "workers", "timeout", "links", "paths", "currency", "ca_file", `"action`} {
		uncommented = strings.ReplaceAll(uncommented, "\n# "+key, "\n"+key)
	}
	c, err := Parse([]byte(uncommented))
	if err != nil || len(c.Accounts) != 4 {
		t.Errorf("without its comments: %d accounts, %v", len(c.Accounts), err)
	}
}

func TestSecretSources(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, mode os.FileMode, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Setenv("BURSAR_TEST_SECRET", "from-env")
	t.Setenv("HOME", dir)
	write("home.key", 0o600, "from-home\n")
	tests := []struct{ source, want, fails string }{
		{"env:BURSAR_TEST_SECRET", "from-env", ""},
		{"env:BURSAR_TEST_NOTHING", "", "BURSAR_TEST_NOTHING is empty"},
		{"file:" + write("good", 0o600, "from-file\n"), "from-file", ""},
		{"file:~/home.key", "from-home", ""},
		{"file:" + write("open", 0o644, "x"), "", "chmod 600"},
		{"file:" + filepath.Join(dir, "none"), "", "cannot be read"},
		{"file:" + write("empty", 0o600, "\n"), "", "gave nothing"},
		{"file:" + write("large", 0o600, strings.Repeat("x", 5000)), "", "larger than"},
		{"command:echo from-command", "from-command", ""},
		{"command:true --token=hush", "", "command:true gave nothing"},
		{"command:exit 3", "", "failed"},
		{"plain", "", "must say where it comes from"},
		{"env:", "", "names nothing"},
	}
	for _, tt := range tests {
		got, err := Secret(t.Context(), tt.source)
		if tt.fails == "" && (err != nil || got != tt.want) {
			t.Errorf("%s: %q, %v", tt.source, got, err)
		}
		if tt.fails != "" && (err == nil || !strings.Contains(err.Error(), tt.fails)) {
			t.Errorf("%s: error %v, want %q in it", tt.source, err, tt.fails)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add(Template)
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Parse([]byte(text)); err != nil && !strings.HasPrefix(err.Error(), ":") {
			t.Errorf("an error without its line: %v", err)
		}
	})
}

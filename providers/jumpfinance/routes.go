package jumpfinance

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"bursar/providers"
)

// mark tells how sure a path is.
type mark uint8

const (
	published mark = iota // stands in the vendor's description of the sibling API
	seen                  // used by public clients only
	inferred              // follows from the API's own naming
)

// route is one call: its method, its path under the base address, and how sure
// the path is.
type route struct {
	method string
	path   string
	mark   mark
	// over is the documented path that an account's own path stands for.
	over string
}

// op is the call's name in logs and errors: that of the documented path.
func (r route) op() string {
	if r.over != "" {
		return r.method + " " + r.over
	}
	return r.method + " " + r.path
}

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	del  = http.MethodDelete
)

// defaultRoutes lists every call of the API under the key by which an account
// may override its path.
func defaultRoutes() map[string]route {
	const cert, contractor = "/acceptance-certificates/{cert_id}", "/contractors/{contractor_id}"
	return map[string]route{
		"payments.create":         {method: post, path: "/payments", mark: published},
		"payments.list":           {method: get, path: "/payments", mark: published},
		"payments.repeat":         {method: post, path: "/payments/{payment_id}/repeat", mark: published},
		"payments.get":            {method: get, path: "/payments/{payment_id}", mark: published},
		"payments.by_customer_id": {method: get, path: "/payments/customer-payment/{customer_payment_id}", mark: published},
		"payments.v2_list":        {method: get, path: "/v2/payments", mark: inferred},
		"payments.v2_get":         {method: get, path: "/v2/payments/{payment_id}", mark: inferred},
		"payments.smart":          {method: post, path: "/payments/smart", mark: seen},
		"payments.confirm":        {method: post, path: "/payments/confirm", mark: seen},

		"branches.create":     {method: post, path: "/branch-office", mark: inferred},
		"branches.list":       {method: get, path: "/branch-office", mark: published},
		"branches.update":     {method: http.MethodPatch, path: "/branch-office/{branch_office_id}", mark: published},
		"branches.bank_links": {method: get, path: "/branch-office/banks_accounts", mark: inferred},

		"certs.create": {method: post, path: "/acceptance-certificates", mark: inferred},
		"certs.list":   {method: get, path: "/acceptance-certificates", mark: inferred},
		"certs.get":    {method: get, path: cert, mark: inferred},
		"certs.update": {method: put, path: cert, mark: inferred},
		"certs.pay":    {method: post, path: cert + "/payment", mark: inferred},
		"certs.docx":   {method: get, path: cert + "/docx/download", mark: inferred},
		"certs.pdf":    {method: get, path: cert + "/pdf/download", mark: inferred},

		"recog.create":  {method: post, path: "/recognition-requests", mark: inferred},
		"recog.get":     {method: get, path: "/recognition-requests/{id}", mark: inferred},
		"pcheck.create": {method: post, path: "/passport-check-requests", mark: inferred},
		"pcheck.get":    {method: get, path: "/passport-check-requests/{requestId}", mark: inferred},

		"nomen.create": {method: post, path: "/nomenclatures", mark: inferred},
		"nomen.list":   {method: get, path: "/nomenclatures", mark: inferred},
		"nomen.get":    {method: get, path: "/nomenclatures/{nomenclature_id}", mark: inferred},
		"nomen.update": {method: put, path: "/nomenclatures/{nomenclature_id}", mark: inferred},
		"nomen.delete": {method: del, path: "/nomenclatures/{nomenclature_id}", mark: inferred},

		"releases.list": {method: get, path: "/releases", mark: inferred},
		"settings.get":  {method: get, path: "/settings", mark: inferred},

		"contractors.upsert":     {method: post, path: "/contractors", mark: published},
		"contractors.list":       {method: get, path: "/contractors", mark: published},
		"contractors.get":        {method: get, path: contractor, mark: published},
		"contractors.delete":     {method: del, path: contractor, mark: published},
		"contractors.update":     {method: put, path: contractor, mark: published},
		"contractors.requisites": {method: get, path: contractor + "/requisites", mark: published},
		"contractors.balances":   {method: get, path: contractor + "/balances", mark: published},
		"contractors.balance":    {method: get, path: contractor + "/balances/{balance_id}", mark: published},
		"se.get":                 {method: get, path: contractor + "/selfemployer", mark: published},
		"se.sync":                {method: post, path: contractor + "/selfemployer/sync", mark: published},
		"ident.create":           {method: post, path: contractor + "/identification-requests", mark: published},
		"ident.last":             {method: get, path: contractor + "/identification-requests/last-approved", mark: published},

		"coop.list":   {method: get, path: contractor + "/cooperations", mark: inferred},
		"coop.create": {method: post, path: contractor + "/cooperations", mark: inferred},
		"coop.get":    {method: get, path: contractor + "/cooperations/{cooperation_id}", mark: inferred},
		"coop.delete": {method: del, path: contractor + "/cooperations/{cooperation_id}", mark: inferred},
		"coop.update": {method: put, path: contractor + "/cooperations/{cooperation_id}", mark: inferred},

		"nominal.payments": {method: get, path: "/nominal-account/payments", mark: inferred},
		"nominal.receipts": {method: get, path: "/nominal-account/receipts", mark: inferred},
	}
}

var placeholder = regexp.MustCompile(`\{[A-Za-z_]+\}`)

// routesWith puts an account's overrides over the default paths.
func routesWith(overrides map[string]string) (map[string]route, error) {
	routes := defaultRoutes()
	known := slices.Sorted(maps.Keys(routes))
	for _, key := range slices.Sorted(maps.Keys(overrides)) {
		r, ok := routes[key]
		if !ok {
			if near := providers.Nearest(key, known); near != "" {
				return nil, fmt.Errorf("paths: there is no path %q; did you mean %q", key, near)
			}
			return nil, fmt.Errorf("paths: there is no path %q; use one of %s", key, strings.Join(known, ", "))
		}
		path := overrides[key]
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?# ") || strings.Contains(path, "..") {
			return nil, fmt.Errorf("paths: %s must be a path such as %q, without a host and without a query", key, r.path)
		}
		if want, have := placeholders(r.path), placeholders(path); !slices.Equal(want, have) {
			return nil, fmt.Errorf("paths: %s must hold %s and no other placeholder, as in %q", key, orNone(want), r.path)
		}
		routes[key] = route{method: r.method, path: path, mark: published, over: r.path} // the operator knows
	}
	return routes, nil
}

func placeholders(path string) []string {
	found := placeholder.FindAllString(path, -1)
	slices.Sort(found)
	return found
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "no placeholder"
	}
	return strings.Join(names, " and ")
}

// pathOf fills the placeholders with the given values, in order.
func (r route) pathOf(values ...string) string {
	return placeholder.ReplaceAllStringFunc(r.path, func(hole string) string {
		if len(values) == 0 {
			return hole
		}
		v := values[0]
		values = values[1:]
		return url.PathEscape(v)
	})
}

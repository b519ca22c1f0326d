package billmanager

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// request is the parameters of one call. A body's value counts before a
// query's.
type request struct {
	fn      string
	form    url.Values
	cookie  string // the session of a browser
	foreign bool   // no page of this host sent it
	by      *who   // nil until the caller is known
}

// maxForm bounds what a request may carry.
const maxForm = 1 << 20

// readRequest takes the parameters out of address, body and cookies. Forms with
// files come as multipart.
func readRequest(w http.ResponseWriter, r *http.Request) (request, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	form := r.URL.Query()
	for name, values := range r.PostForm {
		form[name] = append(values[:len(values):len(values)], form[name]...)
	}
	if c, bad := r.Cookie("billmgrlang5"); bad == nil && !form.Has("lang") {
		_, lang, _ := strings.Cut(c.Value, ":")
		form.Set("lang", lang)
	}
	q := request{fn: form.Get("func"), form: form}
	if c, bad := r.Cookie("billmgrses5"); bad == nil {
		q.cookie = c.Value
	}
	from, bad := url.Parse(r.Referer())
	q.foreign = bad != nil || from.Host != r.Host
	return q, err
}

func (q request) get(name string) string { return q.form.Get(name) }

// session is the id that the request carries: a parameter counts before a
// cookie.
func (q request) session() string {
	if id := q.get("auth"); id != "" {
		return id
	}
	return q.cookie
}

// ids are the elements that the call names: by comma, with or without a space.
func (q request) ids() []string { return list(q.get("elid")) }

package jumpfinance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// doc is one JSON object of an answer.
type doc map[string]any

// field is one refused field of a request.
type field struct {
	Field    string   `json:"field"`
	Messages []string `json:"messages"`
}

func failure(status int, title, detail string, fields any) gate.Answer {
	return gate.JSON(status, doc{"error": doc{"title": title, "detail": detail, "fields": fields, "code": status}})
}

func invalid(fields ...field) gate.Answer {
	return failure(http.StatusUnprocessableEntity, "Ошибка", "The given data was invalid.", fields)
}

func wrong(name, message string) field { return field{Field: name, Messages: []string{message}} }

func unauthorized() gate.Answer {
	return failure(http.StatusUnauthorized, "Ошибка авторизации", "Требуется авторизация", nil)
}

func forbidden() gate.Answer {
	return failure(http.StatusForbidden, "Доступ ограничен", "This action is unauthorized.", nil)
}

func badRequest() gate.Answer {
	return failure(http.StatusBadRequest, "Неверный запрос", "Неверный запрос", []field{})
}

func notFound(*request) gate.Answer {
	return failure(http.StatusNotFound, "Ошибка", "Ресурс не найден", nil)
}

func wrongMethod(*request) gate.Answer {
	return failure(http.StatusMethodNotAllowed, "Ошибка", "Метод не поддерживается", nil)
}

func item(v doc) gate.Answer { return gate.JSON(http.StatusOK, doc{"item": v}) }

// perPages are the page sizes that are taken; any other is refused.
var perPages = []int{1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 50, 100, 150, 200}

// window is the asked page of a list.
type window struct{ page, perPage int }

func windowOf(q url.Values) (window, []field) {
	return readWindow(q, func(n int) bool { return slices.Contains(perPages, n) })
}

// anyWindowOf takes any page size up to 200, as the lists do for which a range
// is documented.
func anyWindowOf(q url.Values) (window, []field) {
	return readWindow(q, func(n int) bool { return n >= 1 && n <= 200 })
}

func readWindow(q url.Values, fits func(perPage int) bool) (window, []field) {
	w := window{page: 1, perPage: 20}
	var bad []field
	if v, ok := given(q, "page"); ok {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			bad = append(bad, wrong("page", "Значение поля page должно быть не меньше 1."))
		}
		w.page = n
	}
	if v, ok := given(q, "per_page"); ok {
		n, err := strconv.Atoi(v)
		if err != nil || !fits(n) {
			bad = append(bad, wrong("per_page", "Выбранное значение для per_page ошибочно."))
		}
		w.perPage = n
	}
	return w, bad
}

func given(q url.Values, name string) (string, bool) {
	v, ok := q[name]
	return strings.Join(v, ","), ok
}

// list answers one page of rows that at makes; links are left out where the
// real system has none.
func (s *Simulator) list(path string, w window, total int, links bool, at func(i int) doc) gate.Answer {
	last := max(1, (total+w.perPage-1)/w.perPage)
	from, to := (w.page-1)*w.perPage, min(w.page*w.perPage, total)
	items := []doc{}
	for i := from; i < to; i++ {
		place := i
		if s.opt.OldestFirst {
			place = total - 1 - i
		}
		items = append(items, at(place))
	}
	meta := doc{"total": total, "from": nil, "to": nil, "per_page": w.perPage, "current_page": w.page, "last_page": last}
	if len(items) > 0 {
		meta["from"], meta["to"] = from+1, to
	}
	out := doc{"items": items, "meta": meta}
	if links {
		page := func(n int) any {
			if n < 1 || n > last {
				return nil
			}
			return fmt.Sprintf("https://api.jump.finance%s%s?page=%d", base, path, n)
		}
		out["links"] = doc{
			"path": "https://api.jump.finance" + base + path, "first_page_url": page(1), "last_page_url": page(last),
			"next_page_url": page(w.page + 1), "prev_page_url": page(w.page - 1),
		}
	}
	return gate.JSON(http.StatusOK, out)
}

// numbersOf reads a comma list of whole numbers.
func numbersOf(q url.Values, name string, bad *[]field) []int {
	v, ok := given(q, name)
	if !ok || v == "" {
		return nil
	}
	var out []int
	for part := range strings.SplitSeq(v, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			*bad = append(*bad, wrong(name, "Значение поля "+name+" должно быть целым числом."))
			return nil
		}
		out = append(out, n)
	}
	return out
}

// timeOf reads a bound. A plus that was not escaped arrives as a space and is
// refused, as any other nonsense.
func timeOf(q url.Values, name string, bad *[]field) time.Time {
	v, ok := given(q, name)
	if !ok || v == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, v, moscow); err == nil {
			return t
		}
	}
	*bad = append(*bad, wrong(name, "Значение поля "+name+" не является датой."))
	return time.Time{}
}

// includesOf reads the include list; a word that is not documented is refused.
func includesOf(q url.Values, known []string, bad *[]field) map[string]bool {
	out := map[string]bool{}
	v, ok := given(q, "include")
	if !ok || v == "" {
		return out
	}
	for word := range strings.SplitSeq(v, ",") {
		if !slices.Contains(known, word) {
			*bad = append(*bad, wrong("include", "Выбранное значение для include ошибочно."))
		}
		out[word] = true
	}
	return out
}

// moscow is the zone of every time in an answer.
var moscow = time.FixedZone("MSK", 3*60*60)

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(moscow).Format(time.RFC3339)
}

// num writes an amount as a bare JSON number.
func num(d decimal.Decimal) json.Number { return json.Number(d.String()) }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// yes writes a boolean, as 0 or 1 under noise.
func (s *Simulator) yes(b bool) any {
	if !s.opt.Noise {
		return b
	}
	if b {
		return 1
	}
	return 0
}

// digits writes a text of digits, as a number under noise.
func (s *Simulator) digits(v string) any {
	if v == "" {
		return nil
	}
	if s.opt.Noise && strings.Trim(v, "0123456789") == "" && v[0] != '0' {
		return json.Number(v)
	}
	return v
}

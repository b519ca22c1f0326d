package jumpfinance

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const (
	createGoodCall = "POST /nomenclatures"
	updateGoodCall = "PUT /nomenclatures/{nomenclature_id}"
	deleteGoodCall = "DELETE /nomenclatures/{nomenclature_id}"
)

// good is one entry of the nomenclature.
type good struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Sort    int       `json:"sort"` // index of goodSorts
	Created time.Time `json:"-"`
	Updated time.Time `json:"-"`
	Deleted time.Time `json:"-"`
}

// goodSorts are the types of nomenclature and the categories that they are of.
var goodSorts = []struct{ name, slug string }{{"Чёрные металлы", "ferrous"}, {"Цветные металлы", "non_ferrous"}, {"Прочее вторсырьё", "other"}}

func (s *Simulator) sortID(i int) string { return world.UUID(s.opt.World.Seed, "nomenclature type", i) }

func (s *Simulator) goodID(i int) string { return world.UUID(s.opt.World.Seed, "nomenclature", i) }

func (s *Simulator) defaultGoods() []good {
	names := [][]string{
		{"Лом стали 3А", "Лом стали 5А", "Лом чугуна", "Стружка стальная"},
		{"Лом меди", "Лом алюминия", "Лом латуни", "Лом свинца", "Лом нержавеющей стали"},
		{"Аккумуляторы", "Макулатура МС-5Б", "Полиэтилен"},
	}
	var out []good
	for sort, list := range names {
		for _, name := range list {
			at := s.today.AddDate(0, 0, len(out)-90).Add(10 * time.Hour)
			out = append(out, good{ID: s.goodID(len(out)), Name: name, Sort: sort, Created: at, Updated: at})
		}
	}
	out[3].Deleted = s.today.AddDate(0, 0, -20)
	return out
}

func (s *Simulator) goodByID(id string) (int, bool) {
	i := slices.IndexFunc(s.goods, func(g good) bool { return strings.EqualFold(g.ID, id) })
	return i, i >= 0
}

func (s *Simulator) goodDoc(g good, category bool) doc {
	out := doc{
		"id": g.ID, "name": g.Name, "type": doc{"id": s.sortID(g.Sort), "name": goodSorts[g.Sort].name},
		"created_at": zulu(g.Created), "updated_at": zulu(g.Updated), "deleted_at": zulu(g.Deleted),
	}
	if category {
		out["category"] = doc{"slug": goodSorts[g.Sort].slug}
	}
	return out
}

// zulu writes the times of the nomenclature, which are in another form.
func zulu(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// trashed reads with_trashed=0|1.
func trashed(q url.Values, bad *[]field) bool {
	v, ok := given(q, "with_trashed")
	if ok && v != "0" && v != "1" {
		*bad = append(*bad, wrong("with_trashed", "Выбранное значение для with_trashed ошибочно."))
	}
	return v == "1"
}

// listGoods answers GET /nomenclatures, which has no links.
func (s *Simulator) listGoods(req *request) gate.Answer {
	w, bad := anyWindowOf(req.query)
	include := includesOf(req.query, []string{"category"}, &bad)
	all := trashed(req.query, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	search := strings.ToLower(req.query.Get("search"))
	var rows []good
	for _, g := range slices.Backward(s.goods) {
		if (all || g.Deleted.IsZero()) && strings.Contains(strings.ToLower(g.Name), search) {
			rows = append(rows, g)
		}
	}
	return s.list("/nomenclatures", w, len(rows), false, func(i int) doc { return s.goodDoc(rows[i], include["category"]) })
}

// getGood answers GET /nomenclatures/{nomenclature_id}.
func (s *Simulator) getGood(req *request) gate.Answer {
	var bad []field
	all := trashed(req.query, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	i, ok := s.goodByID(req.args["nomenclature_id"])
	if !ok || !all && !s.goods[i].Deleted.IsZero() {
		return notFound(req)
	}
	return item(s.goodDoc(s.goods[i], true))
}

// readGood checks a body: the type is an object with the id of a type.
func (s *Simulator) readGood(req *request, g *good) (gate.Answer, bool) {
	var body struct {
		Name value `json:"name"`
		Type part[struct {
			ID   value `json:"id"`
			Name value `json:"name"`
		}] `json:"type"`
	}
	if !readBody(req.body, &body) {
		return badRequest(), false
	}
	var f form
	g.Name = f.words("name", body.Name)
	if !f.missing("type", body.Type.value) && object(&f, "type", body.Type) {
		f.line("type.name", body.Type.v.Name)
		id := f.words("type.id", body.Type.v.ID)
		g.Sort = slices.IndexFunc([]int{0, 1, 2}, func(i int) bool { return s.sortID(i) == id })
		if g.Sort < 0 && !f.refused("type.id") {
			f.wrong("type.id", "Тип номенклатуры не найден.")
		}
	}
	return invalid(f.bad...), len(f.bad) == 0
}

func (s *Simulator) createGood(req *request) gate.Answer {
	g := good{ID: s.goodID(len(s.goods))}
	if a, ok := s.readGood(req, &g); !ok {
		return a
	}
	return s.writeGood(createGoodCall, g)
}

func (s *Simulator) updateGood(req *request) gate.Answer {
	i, ok := s.goodByID(req.args["nomenclature_id"])
	if !ok || !s.goods[i].Deleted.IsZero() {
		return notFound(req)
	}
	g := s.goods[i]
	if a, ok := s.readGood(req, &g); !ok {
		return a
	}
	return s.writeGood(updateGoodCall, g)
}

func (s *Simulator) writeGood(call string, g good) gate.Answer {
	if err := s.putGood(g); err != nil {
		return badRequest()
	}
	s.record(call, g.ID, g)
	i, _ := s.goodByID(g.ID)
	return item(s.goodDoc(s.goods[i], false))
}

func (s *Simulator) putGood(g good) error {
	if g.Sort < 0 || g.Sort >= len(goodSorts) {
		return fmt.Errorf("jumpfinance: the nomenclature entry %s has an unknown type", g.ID)
	}
	now := s.opt.Gate.Now()
	i, ok := s.goodByID(g.ID)
	if !ok {
		g.Created, g.Updated = now, now
		s.goods = append(s.goods, g)
		return nil
	}
	s.goods[i].Name, s.goods[i].Sort, s.goods[i].Updated = g.Name, g.Sort, now
	return nil
}

// deleteGood answers DELETE /nomenclatures/{nomenclature_id}: nothing brings it
// back, but it can still be read with with_trashed=1.
func (s *Simulator) deleteGood(req *request) gate.Answer {
	id := req.args["nomenclature_id"]
	if err := s.dropGood(id); err != nil {
		return notFound(req)
	}
	s.record(deleteGoodCall, strings.ToLower(id), nil)
	return gate.Answer{Status: http.StatusNoContent}
}

func (s *Simulator) dropGood(id string) error {
	i, ok := s.goodByID(id)
	if !ok || !s.goods[i].Deleted.IsZero() {
		return fmt.Errorf("jumpfinance: there is no nomenclature entry %s to delete", id)
	}
	s.goods[i].Deleted = s.opt.Gate.Now()
	return nil
}

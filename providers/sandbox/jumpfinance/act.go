package jumpfinance

import "fmt"

// actBody is the act that a payout is made with.
type actBody struct {
	Number   value                    `json:"document_number"`
	Date     value                    `json:"document_date"`
	From     value                    `json:"period_from"`
	To       value                    `json:"period_to"`
	Template value                    `json:"template_id"`
	Jobs     part[[]part[actJobBody]] `json:"job_types"`
}

type actJobBody struct {
	Name    value `json:"name"`
	Price   value `json:"price"`
	Count   value `json:"count"`
	Measure value `json:"measure_id"`
}

// lastMeasure is the last of the measures of an act: hour, piece, service.
const lastMeasure = 3

// act checks an act. Which of its fields are required is not published, so only
// what is given is looked at.
func (f *form) act(p part[actBody]) {
	if !object(f, "act", p) {
		return
	}
	a := p.v
	f.line("act.document_number", a.Number)
	for _, n := range []named{{"act.document_date", a.Date}, {"act.period_from", a.From}, {"act.period_to", a.To}} {
		f.date(n.name, n.v)
	}
	if id := f.id("act.template_id", a.Template); id > len(templateNames) {
		f.wrong("act.template_id", "Шаблон не найден.")
	}
	if !object(f, "act.job_types", a.Jobs) {
		return
	}
	for i, job := range a.Jobs.v {
		at := fmt.Sprintf("act.job_types.%d", i)
		if !object(f, at, job) {
			if !job.given() {
				f.missing(at, job.value)
			}
			continue
		}
		f.line(at+".name", job.v.Name)
		f.sum(at+".price", job.v.Price, false)
		f.within(at+".count", job.v.Count, 0, 1_000_000)
		if m := f.id(at+".measure_id", job.v.Measure); m > lastMeasure {
			f.wrong(at+".measure_id", "Выбранное значение для measure_id ошибочно.")
		}
	}
}

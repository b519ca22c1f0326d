package jumpfinance

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const (
	recogniseCall    = "POST /recognition-requests"
	recognitionSpace = "recognition"

	mainPage         = "passport_rus"
	registrationPage = "passport_rus_registration"
)

// recognition is a request to read the pages of a passport. Of what was sent,
// nothing but the names of the pages is kept: what is answered is made up.
type recognition struct {
	Pages []string  `json:"pages"`
	Began time.Time `json:"-"`
}

// recognise answers POST /recognition-requests with a bare id.
func (s *Simulator) recognise(req *request) gate.Answer {
	pages, bad, ok := pagesOf(req)
	if !ok {
		return badRequest()
	}
	if len(bad) > 0 {
		return invalid(bad...)
	}
	id := world.UUID(s.opt.World.Seed, recognitionSpace, len(s.recognitions))
	r := recognition{Pages: pages}
	_ = s.putRecognition(r)
	s.record(recogniseCall, id, r)
	return gate.JSON(http.StatusOK, doc{"id": id})
}

// pagesOf reads which pages the form holds, and looks at the kind of each.
func pagesOf(req *request) (pages []string, bad []field, ok bool) {
	_, params, err := mime.ParseMediaType(req.head.Get("Content-Type"))
	if err != nil {
		return nil, nil, false
	}
	form := multipart.NewReader(bytes.NewReader(req.body), params["boundary"])
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, false
		}
		name := p.FormName()
		if name != mainPage && name != registrationPage {
			continue
		}
		head := make([]byte, 512)
		n, err := io.ReadFull(p, head)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return nil, nil, false
		}
		kind, ext := http.DetectContentType(head[:n]), strings.ToLower(path.Ext(p.FileName()))
		switch {
		case p.FileName() == "":
			bad = append(bad, wrong(name, "Поле "+name+" должно быть файлом."))
		case kind != "image/png" && kind != "image/jpeg" || !slices.Contains([]string{".png", ".jpg", ".jpeg"}, ext):
			bad = append(bad, wrong(name, "Поле "+name+" должно быть файлом одного из типов: png, jpg, jpeg."))
		case !slices.Contains(pages, name):
			pages = append(pages, name)
		}
	}
	if len(pages) == 0 && len(bad) == 0 {
		bad = append(bad, wrong(mainPage, "Поле "+mainPage+" обязательно для заполнения."))
	}
	slices.Sort(pages)
	return pages, bad, true
}

func (s *Simulator) putRecognition(r recognition) error {
	r.Began = s.opt.Gate.Now()
	s.recognitions = append(s.recognitions, r)
	return nil
}

// progress is the status of something that works for a while.
func (s *Simulator) progress(began time.Time) doc {
	if s.running(began) {
		return doc{"state": "processing", "title": "В обработке", "theme": "info", "description": "Запрос обрабатывается"}
	}
	return doc{"state": "completed", "title": "Завершено", "theme": "success", "description": "Запрос обработан"}
}

// getRecognition answers GET /recognition-requests/{id}.
func (s *Simulator) getRecognition(req *request) gate.Answer {
	n, ok := world.SeqOfUUID(s.opt.World.Seed, recognitionSpace, req.args["request_id"])
	if !ok || n >= len(s.recognitions) {
		return notFound(req)
	}
	r := s.recognitions[n]
	files := []doc{}
	for _, page := range r.Pages {
		f := doc{"document_type": page, "country": "RUS", "type": "passport", "status": s.progress(r.Began), "result": nil}
		if !s.running(r.Began) {
			f["result"] = readPage(page)
		}
		files = append(files, f)
	}
	return item(doc{"id": req.args["request_id"], "status": s.progress(r.Began), "files": files})
}

// readPage is what is read on a page: a specimen, whatever was sent.
func readPage(page string) doc {
	if page == registrationPage {
		return doc{
			"registration_address": "г. Москва, ул. Образцовая, д. 1, кв. 1", "registration_date": "2015-03-02",
			"confidences": doc{"registration_address": 0.93, "registration_date": 0.98},
		}
	}
	return doc{
		"first_name": "Имярек", "middle_name": "Имярекович", "second_name": "Образцов", "gender": "male", "birth_date": "1990-05-17", "serial": "4500", "number": "000000",
		"date": "2014-02-06", "division": "770-001", "issued_by": "ОВД района Арбат г. Москвы", "birthplace": "г. Москва",
		"confidences": doc{"first_name": 0.99, "second_name": 0.98, "number": 0.97, "birthplace": 0.81},
	}
}

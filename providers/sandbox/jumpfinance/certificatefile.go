package jumpfinance

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"

	"bursar/providers/sandbox/gate"
)

// certificateDOCX answers GET /acceptance-certificates/{cert_id}/docx/download.
func (s *Simulator) certificateDOCX(req *request) gate.Answer {
	c, ok := s.askedCert(req)
	if !ok {
		return notFound(req)
	}
	who, _ := s.contractorByID(c.Contractor)
	text := fmt.Sprintf("Приёмо-сдаточный акт %s от %s. %s. Сумма: %s руб.", c.Number, c.Date, who.full(), c.Amount.StringFixed(2))
	body, err := docx(text)
	if err != nil {
		return failure(http.StatusInternalServerError, "Ошибка", "Внутренняя ошибка сервера", nil)
	}
	return file(fmt.Sprintf("certificate-%d.docx", c.ID), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body)
}

// certificatePDF answers GET /acceptance-certificates/{cert_id}/pdf/download.
func (s *Simulator) certificatePDF(req *request) gate.Answer {
	c, ok := s.askedCert(req)
	if !ok {
		return notFound(req)
	}
	body := pdf(fmt.Sprintf("Acceptance certificate %d, %s, %s RUB", c.ID, c.Date, c.Amount.StringFixed(2)))
	return file(fmt.Sprintf("certificate-%d.pdf", c.ID), "application/pdf", body)
}

func file(name, kind string, body []byte) gate.Answer {
	return gate.Answer{Status: http.StatusOK, Body: body, Header: http.Header{
		"Content-Type": {kind}, "Content-Disposition": {fmt.Sprintf("attachment; filename=%q", name)},
	}}
}

// docx is the least document of one paragraph.
func docx(text string) ([]byte, error) {
	var line bytes.Buffer
	if err := xml.EscapeText(&line, []byte(text)); err != nil {
		return nil, err
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	parts := []struct{ name, body string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` + line.String() + `</w:t></w:r></w:p></w:body></w:document>`},
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(head + p.body)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// pdf is the least document of one line of plain Latin text.
func pdf(text string) []byte {
	content := "BT /F1 14 Tf 60 760 Td (" + text + ") Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var places []int
	for i, o := range objects {
		places = append(places, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

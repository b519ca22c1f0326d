package billmanager

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// States of a payment's document.
const (
	docWaiting = 100
	docSent    = 101
)

// sendDocument mails the payment's document. A repeated call sends another
// mail.
func (s *Simulator) sendDocument(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	if bad := s.present(q, p); bad != nil {
		return nil, bad
	}
	if v := q.get("method"); v != "" && v != "email" {
		return nil, badValue("method", v)
	}
	if !s.changes(q) {
		return []node{leaf("elid", p.id), leaf("method", "email"), choices("method", [2]string{"email", "Email"})}, nil
	}
	s.rows.put(s.sent(p))
	s.record(q.fn, p, decimal.Zero, detail{})
	return []node{leaf("ok", "")}, nil
}

func (s *Simulator) sent(p payment) payment {
	if p.docState == docWaiting {
		p.docState = docSent
	}
	return s.tell(p, didSend, p.account)
}

// present refuses payments that are being deleted.
func (s *Simulator) present(q request, p payment) *failure {
	if p.status == stDeleting {
		return s.notAllowed(q.fn, p.id)
	}
	return nil
}

func (s *Simulator) invoiceable(q request, p payment) *failure {
	if !p.mayInvoice || p.invoice != "" || p.status == stDeleting {
		return s.notAllowed(q.fn, p.id)
	}
	return nil
}

func (s *Simulator) makeInvoice(q request, p payment) []node {
	d := detail{Invoice: "СЧ-" + p.id}
	s.rows.put(s.invoiced(p, d))
	s.record(q.fn, p, decimal.Zero, d)
	return nil
}

func (s *Simulator) invoiced(p payment, d detail) payment {
	p.invoice = d.Invoice
	return s.tell(p, didInvoice, d.Invoice)
}

// writeTicket writes to the client about the payment and tells the ticket's id.
func (s *Simulator) writeTicket(q request, p payment) []node {
	d := detail{Ticket: fmt.Sprint(firstTicket + s.tickets)}
	s.rows.put(s.ticketed(p, d))
	s.record(q.fn, p, decimal.Zero, d)
	return []node{leaf("id", d.Ticket)}
}

const firstTicket = 3001

func (s *Simulator) ticketed(p payment, d detail) payment {
	s.tickets++
	return s.tell(p, didTicket, d.Ticket)
}

// print is the printable form of payments: a web page, whatever format is asked
// for, or a file of pages.
func (s *Simulator) print(q request) gate.Answer {
	found, bad := s.all(q)
	if bad == nil && q.fn == "payment.print.pdf" && q.get("out") != "pdf_print" {
		bad = &failure{kind: "value", object: "out", value: q.get("out"), say: sayNoFormat}
	}
	if bad != nil {
		return s.document(q, nil, bad)
	}
	if q.fn == "payment.print.pdf" {
		return gate.Answer{Header: http.Header{"Content-Type": {"application/pdf"}}, Body: s.pdf(found)}
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html><head><title>BILLmanager 6</title></head><body>\n")
	for _, p := range found {
		fmt.Fprintf(&b, "<h1>%s</h1>\n<table>\n", html.EscapeString(p.number))
		for _, c := range s.printed(p, s.lang(q)) {
			fmt.Fprintf(&b, "<tr><th>%s</th><td>%s</td></tr>\n", c[0], html.EscapeString(c[1]))
		}
		b.WriteString("</table>\n")
	}
	b.WriteString("</body></html>\n")
	return gate.Answer{Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: b.Bytes()}
}

// printed is what a printed payment tells, under the list's names.
func (s *Simulator) printed(p payment, lang string) [][2]string {
	e := s.elem(p, lang, clientLevel)
	var cells [][2]string
	for _, name := range []string{"id", "create_date_l", "pay_date", "sender_name", "recipient_name", "paymethod_name", "subaccountamount_iso", "tax", "status"} {
		if v := e.kid(name).text; v != "" {
			cells = append(cells, [2]string{name, v})
		}
	}
	for _, i := range p.items() {
		cells = append(cells, [2]string{"info", i.info + ", " + s.money(i.cost, p.currency)})
	}
	return cells
}

// pdf is a file with a page for each payment, in plain letters.
func (s *Simulator) pdf(found []payment) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", slices.Insert(args, 0, any(len(offsets)))...)
	}
	b.WriteString("%PDF-1.4\n")
	var pages bytes.Buffer
	for i := range found {
		fmt.Fprintf(&pages, "%d 0 R ", 4+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [%s] /Count %d >>", pages.String(), len(found))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	for i, p := range found {
		text := fmt.Sprintf("BT /F1 12 Tf 50 780 Td (%s  %s  %s) Tj ET", plain(p.number), date(p.created), plain(p.money(p.amount)))
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(text), text)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// plain keeps what a PDF text can hold as it is.
func plain(s string) string {
	out := []byte{}
	for _, r := range s {
		if r < ' ' || r > '~' || r == '(' || r == ')' || r == '\\' {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return string(out)
}

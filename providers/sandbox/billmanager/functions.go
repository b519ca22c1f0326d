package billmanager

// changes reports whether the call changes something. Without sok=ok it only
// shows a form.
func (s *Simulator) changes(q request) bool {
	switch q.fn {
	case "payment.setpaid", "payment.delete", "ticket.write.payment":
		return q.get("sok") == "ok" || s.opt.LenientSok
	case "payment.refund", "payment.filter", "payment.edit", "payment.docflow.send", "payment.invoice_create",
		"payment.add.redirect", "payment.add.pay":
		return q.get("sok") == "ok"
	case "payment.setfilter":
		return q.get("account") != "" || q.get("reset") == "on"
	case "session.newkey":
		return true
	}
	return false
}

func (s *Simulator) call(q request, by *who) ([]node, *failure) {
	one := func(n node, bad *failure) ([]node, *failure) { return []node{n}, bad }
	switch q.fn {
	case "totp.confirm":
		return one(s.confirm(q, by))
	case "whoami":
		return one(s.whoami(by), nil)
	case "keepalive":
		return one(leaf("ok", ""), nil)
	case "session.newkey":
		return s.newKey(q, by)
	case "payment.su":
		return s.su(q, by)
	case "payment":
		return s.list(q, by)
	case "payment.filter":
		return s.filterForm(q, by)
	case "payment.setfilter":
		return s.setFilter(q, by)
	case "payment.history":
		return s.history(q, by)
	case "payment.orderinfo":
		return s.orderInfo(q, by)
	case "payment.expense":
		return s.expenses(q, by)
	case "payment.add.redirect":
		return s.redirect(q, by)
	case "payment.add.pay":
		return s.addPay(q, by)
	default:
		return s.change(q, by)
	}
}

// change runs the calls that change payments.
func (s *Simulator) change(q request, by *who) ([]node, *failure) {
	switch q.fn {
	case "payment.setpaid":
		return s.group(q, by, step{s.creditable, s.credit})
	case "payment.delete":
		return s.group(q, by, step{s.deletable, s.remove})
	case "payment.refund":
		return s.refund(q, by)
	case "payment.edit":
		return s.edit(q, by)
	case "payment.docflow.send":
		return s.sendDocument(q, by)
	case "payment.invoice_create":
		return s.group(q, by, step{s.invoiceable, s.makeInvoice})
	case "ticket.write.payment":
		return s.group(q, by, step{s.present, s.writeTicket})
	default:
		return nil, &failure{kind: "missed", object: "func", value: q.fn, say: sayNoFunction}
	}
}

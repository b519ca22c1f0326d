// Package filter is the language in which lists are searched. It knows records
// and nothing of where they are kept.
//
// A filter is a row of terms parted by spaces; all of them must hold. A bare
// word or a "quoted phrase" matches anywhere: number, id, party, note, method,
// status, flags, amount. A field term asks one field:
//
//	status:new,paid  phase:held  is:held     code, label or phase; or the phase alone
//	amount>1000  remaining:100..200          numbers, inclusive ranges
//	currency:rub  method:sbp  card:4444      card: the last digits
//	created:yesterday  updated>=2026-11-01   days, ranges a..b, words, 7d (seven days)
//	deadline<3d                              counted forward, for deadlines lie ahead
//	account:shop-main  id:42  number:A-*     whole values, * stands for anything
//	party:"ООО Ромашка"  note:возврат        parts of a text
//	flag:test  kind:refund                   whole values
//	has:receipt  -has:refund                 linked records, or a value: has:note
//
// A comma means any of. A leading minus turns a term round. Case does not
// matter, nor does ё against е.
package filter

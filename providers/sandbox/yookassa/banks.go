package yookassa

import "bursar/providers/sandbox/gate"

// sbpBank takes part in the fast payments system.
type sbpBank struct {
	ID   string `json:"bank_id"`
	Name string `json:"name"`
	BIC  string `json:"bic"`
}

var banks = []sbpBank{
	{"100000000111", "Сбербанк", "044525225"},
	{"100000000004", "Т-Банк", "044525974"},
	{"100000000008", "Альфа-Банк", "044525593"},
	{"110000000005", "ВТБ", "044525411"},
	{"100000000001", "Газпромбанк", "044525823"},
	{"100000000007", "Райффайзен Банк", "044525700"},
	{"100000000022", "ЮMoney", "044525444"},
}

// listBanks gives all; the list has no pages.
func (s *Simulator) listBanks(*call) gate.Answer {
	out := page{Type: "list", Items: []any{}}
	for _, b := range banks {
		out.Items = append(out.Items, b)
	}
	return gate.JSON(0, out)
}

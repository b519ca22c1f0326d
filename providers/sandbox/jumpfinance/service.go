package jumpfinance

import (
	"net/http"

	"bursar/providers/sandbox/gate"
)

// listReleases answers GET /releases: a bare array.
func (s *Simulator) listReleases(*request) gate.Answer {
	return gate.JSON(http.StatusOK, []doc{
		{"ReleaseJF": "1.4.2", "TypeConfiguration": "Бухгалтерия предприятия", "Release1C": "3.0.150; 3.0.151; 3.0.152", "Description": []string{"Оплата приёмо-сдаточных актов", "Проверка паспорта"}},
		{"ReleaseJF": "1.4.1", "TypeConfiguration": "Бухгалтерия предприятия", "Release1C": "3.0.148; 3.0.149", "Description": []string{"Номенклатура с категориями"}},
		{"ReleaseJF": "1.3.0", "TypeConfiguration": "Управление торговлей", "Release1C": "11.5.12", "Description": []string{"Выплаты по СБП", "Филиалы и лимиты"}},
	})
}

var sbpBanks = []struct {
	id    int64
	title string
}{{sbpBank, "Т-Банк"}, {100000000111, "Сбербанк"}, {100000000008, "Альфа-Банк"}, {100000000005, "Банк ВТБ"}, {100000000007, "Райффайзен Банк"}}

// getDictionaries answers GET /dictionaries.
func (s *Simulator) getDictionaries(*request) gate.Answer {
	options := []doc{}
	for _, b := range sbpBanks {
		options = append(options, doc{"value": b.id, "title": b.title})
	}
	return item(doc{"sbp_banks": doc{"options": options}})
}

var (
	groupNames       = []string{"Водители", "Курьеры", "Приёмщики"}
	templateNames    = []string{"Акт выполненных работ", "Акт оказанных услуг"}
	integrationNames = []string{"Агрегатор доставки", "1С:Предприятие"}
	customerBalances = []string{"Основной", "Бонусный"}
)

// names answers a page of numbered names.
func (s *Simulator) names(req *request, path string, names []string, more doc) gate.Answer {
	w, bad := windowOf(req.query)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	return s.list(path, w, len(names), true, func(i int) doc {
		out := doc{"id": i + 1, "name": names[i]}
		for k, v := range more {
			out[k] = v
		}
		return out
	})
}

func (s *Simulator) listGroups(req *request) gate.Answer {
	return s.names(req, "/groups", groupNames, nil)
}

func (s *Simulator) listActTemplates(req *request) gate.Answer {
	return s.names(req, "/acts/templates", templateNames, nil)
}

func (s *Simulator) listIntegrations(req *request) gate.Answer {
	return s.names(req, "/integrations", integrationNames, doc{"is_active": 1})
}

func (s *Simulator) listCustomerBalances(req *request) gate.Answer {
	return s.names(req, "/balances", customerBalances, nil)
}

package yookassa

import "bursar/providers/sandbox/gate"

// account is the page of a shop or a payout gateway.
type account struct {
	Account string   `json:"account_id"`
	Status  string   `json:"status"`
	Test    bool     `json:"test"`
	Old     *bool    `json:"fiscalization_enabled,omitempty"`
	Fiscal  *fiscal  `json:"fiscalization,omitempty"`
	Methods []string `json:"payment_methods,omitempty"`
	ITN     string   `json:"itn,omitempty"`
	Name    string   `json:"name,omitempty"`
	PaysTo  []string `json:"payout_methods,omitempty"`
	Balance *amount  `json:"payout_balance,omitempty"`
}

type fiscal struct {
	Enabled  bool   `json:"enabled"`
	Provider string `json:"provider"`
}

// me is the asker's own page. A platform may ask for its shops; here it has
// itself alone.
func (s *Simulator) me(c *call) gate.Answer {
	if c.who == byGateway {
		left := roubles(s.balance())
		return gate.JSON(0, account{Account: payoutsID, Status: "enabled", Name: "Выплаты", PaysTo: destinationTypes, Balance: &left})
	}
	if of := c.URL.Query().Get("on_behalf_of"); of != "" && of != shopID {
		return missing("Shop")
	}
	on := true
	return gate.JSON(0, account{
		Account: shopID, Status: "enabled", Old: &on, Fiscal: &fiscal{true, "atol"},
		Methods: []string{"bank_card", "yoo_money", "sberbank", "sbp", "tinkoff_bank"}, ITN: "7701234567",
	})
}

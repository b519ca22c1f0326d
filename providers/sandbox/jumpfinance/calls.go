package jumpfinance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// call is one operation that the simulator answers.
type call struct {
	method, path string
	published    bool // in the description of the sibling API
	do           handler
	upload       bool // takes a form with files
}

// calls are the operations. A path's words stand before its placeholders.
func (s *Simulator) calls() []call {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		contractor, cert, good     = "/contractors/{contractor_id}", "/acceptance-certificates/{cert_id}", "/nomenclatures/{nomenclature_id}"
		link                       = contractor + "/cooperations/{cooperation_id}"
	)
	return []call{
		{method: post, path: "/payments", published: true, do: s.createPayment},
		{method: get, path: "/payments", published: true, do: s.listPayments},
		{method: post, path: "/payments/smart", do: s.smartPayment},
		{method: post, path: "/payments/confirm", do: s.confirmPayments},
		{method: get, path: "/payments/customer-payment/{customer_payment_id}", published: true, do: s.paymentByOwnID},
		{method: post, path: "/payments/{payment_id}/repeat", published: true, do: s.repeatPayment},
		{method: get, path: "/payments/{payment_id}", published: true, do: s.getPayment},
		{method: get, path: "/v2/payments", do: s.listPayments2},
		{method: get, path: "/v2/payments/{payment_id}", do: s.getPayment2},

		{method: get, path: "/contractors", published: true, do: s.listContractors},
		{method: post, path: "/contractors", published: true, do: s.upsertContractor},
		{method: get, path: contractor, published: true, do: s.getContractor},
		{method: put, path: contractor, published: true, do: s.updateContractor},
		{method: del, path: contractor, published: true, do: s.deleteContractor},
		{method: get, path: contractor + "/requisites", published: true, do: s.listRequisites},
		{method: get, path: contractor + "/balances", published: true, do: s.listBalances},
		{method: get, path: contractor + "/balances/{balance_id}", published: true, do: s.getBalance},
		{method: get, path: contractor + "/selfemployer", published: true, do: s.getTaxState},
		{method: post, path: contractor + "/selfemployer/sync", published: true, do: s.syncTaxState},
		{method: post, path: contractor + "/identification-requests", published: true, do: s.identify},
		{method: get, path: contractor + "/identification-requests/last-approved", published: true, do: s.lastIdentification},
		{method: get, path: contractor + "/cooperations", do: s.listCooperations},
		{method: post, path: contractor + "/cooperations", do: s.createCooperation},
		{method: get, path: link, do: s.getCooperation},
		{method: put, path: link, do: s.updateCooperation},
		{method: del, path: link, do: s.deleteCooperation},

		{method: get, path: "/acceptance-certificates", do: s.listCertificates},
		{method: post, path: "/acceptance-certificates", do: s.createCertificate},
		{method: get, path: cert, do: s.getCertificate},
		{method: put, path: cert, do: s.updateCertificate},
		{method: post, path: cert + "/payment", do: s.payCertificate},
		{method: get, path: cert + "/docx/download", do: s.certificateDOCX},
		{method: get, path: cert + "/pdf/download", do: s.certificatePDF},

		{method: get, path: "/branch-office", published: true, do: s.listBranches},
		{method: post, path: "/branch-office", do: s.createBranch},
		{method: get, path: "/branch-office/banks_accounts", do: s.listBranchAccounts},
		{method: patch, path: "/branch-office/{branch_office_id}", published: true, do: s.updateBranch},

		{method: get, path: "/nomenclatures", do: s.listGoods},
		{method: post, path: "/nomenclatures", do: s.createGood},
		{method: get, path: good, do: s.getGood},
		{method: put, path: good, do: s.updateGood},
		{method: del, path: good, do: s.deleteGood},

		{method: get, path: "/nominal-account/payments", do: s.listNominalPayments},
		{method: get, path: "/nominal-account/receipts", do: s.listNominalReceipts},

		{method: post, path: "/recognition-requests", do: s.recognise, upload: true},
		{method: get, path: "/recognition-requests/{request_id}", do: s.getRecognition},
		{method: post, path: "/passport-check-requests", do: s.checkPassport},
		{method: get, path: "/passport-check-requests/{requestId}", do: s.getPassportCheck},

		{method: get, path: "/releases", do: s.listReleases},
		{method: get, path: "/settings", do: s.getSettings},
		{method: get, path: "/agents", published: true, do: s.listAgents},
		{method: get, path: "/banks_accounts", published: true, do: s.listBankAccounts},
		{method: post, path: "/banks_accounts/sync_balances", published: true, do: s.syncBankBalances},
		{method: get, path: "/banks_accounts/sync_balances_status/{sync_id}", published: true, do: s.bankSyncStatus},
		{method: get, path: "/dictionaries", published: true, do: s.getDictionaries},
		{method: get, path: "/acts/templates", published: true, do: s.listActTemplates},
		{method: get, path: "/groups", published: true, do: s.listGroups},
		{method: get, path: "/integrations", published: true, do: s.listIntegrations},
		{method: get, path: "/balances", published: true, do: s.listCustomerBalances},
	}
}

// idsOf names every record that a request names, own ids too.
func idsOf(req *request) []string {
	var ids []string
	for _, name := range []string{
		"payment_id", "customer_payment_id", "contractor_id", "balance_id", "cert_id",
		"branch_office_id", "nomenclature_id", "cooperation_id", "request_id", "requestId", "sync_id",
	} {
		if v := req.args[name]; v != "" {
			ids = append(ids, v)
		}
	}
	if v := req.query.Get("ids"); v != "" {
		ids = append(ids, strings.Split(v, ",")...)
	}
	var body struct {
		Own        any `json:"customer_payment_id"`
		Contractor any `json:"contractor_id"`
		Key        any `json:"idempotency_key"`
	}
	dec := json.NewDecoder(bytes.NewReader(req.body))
	dec.UseNumber()
	if dec.Decode(&body) == nil {
		for _, v := range []any{body.Own, body.Contractor, body.Key} {
			switch v := v.(type) {
			case string:
				ids = append(ids, v)
			case json.Number:
				ids = append(ids, v.String())
			}
		}
	}
	return ids
}

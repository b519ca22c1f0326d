package jumpfinance

// The wire structs of the answers. Every field is optional: a missing include
// is a missing key.

// named is {id, name}, {id, title} or {id, full_name}: the service uses all
// three for the same thing.
type named struct {
	ID        text `json:"id"`
	Name      text `json:"name"`
	Title     text `json:"title"`
	FullName  text `json:"full_name"`
	ShortName text `json:"short_name"`
}

// label is the name under whichever key it came.
func (n named) label() string {
	for _, t := range []text{n.FullName, n.Name, n.Title, n.ShortName} {
		if s := t.String(); s != "" {
			return s
		}
	}
	return ""
}

type wireStatus struct {
	ID    number `json:"id"`
	Title text   `json:"title"`
	Theme text   `json:"theme"`
}

type wirePayout struct {
	ID                number                  `json:"id"`
	Status            object[wireStatus]      `json:"status"`
	IsFinal           flag                    `json:"is_final"`
	Error             problem                 `json:"error"`
	Amount            amount                  `json:"amount"`
	AmountPaid        amount                  `json:"amount_paid"`
	Commission        amount                  `json:"commission"`
	CommissionBank    amount                  `json:"commission_bank"`
	TaxAmount         amount                  `json:"tax_amount"`
	CustomerPaymentID text                    `json:"customer_payment_id"`
	ExternalID        text                    `json:"external_id"`
	Purpose           text                    `json:"payment_purpose"`
	ServiceName       text                    `json:"service_name"`
	Receipt           object[wireReceipt]     `json:"receipt"`
	Contractor        object[wirePayee]       `json:"contractor"`
	Requisite         object[wireDestination] `json:"requisite"`
	BranchID          number                  `json:"branch_office_id"`
	Branch            object[named]           `json:"branch-office"`
	BranchV2          object[named]           `json:"branch_office"`
	BankAccount       object[named]           `json:"bank_account"`
	Creator           object[named]           `json:"creator"`
	Agent             object[named]           `json:"agent"`
	Approver          object[named]           `json:"approver"`
	History           rows[wireHistory]       `json:"history"`
	Abilities         object[map[string]flag] `json:"abilities"`
	Act               object[wireAct]         `json:"act"`
	Certificate       object[named]           `json:"acceptance_certificate"`
	Nominal           object[wireNominal]     `json:"nominal_info"`
	CreatedAt         moment                  `json:"created_at"`
	UpdatedAt         moment                  `json:"updated_at"`
	ApprovedAt        moment                  `json:"approved_at"`
	PaidAt            moment                  `json:"paid_at"`
	RefundAt          moment                  `json:"refund_at"`
	CanceledAt        moment                  `json:"canceled_at"`
}

type wirePayee struct {
	ID           number `json:"id"`
	Phone        text   `json:"phone"`
	FullName     text   `json:"full_name"`
	ShortName    text   `json:"short_name"`
	INN          text   `json:"inn"`
	SelfEmployed flag   `json:"is_selfemployer"`
	Deleted      flag   `json:"is_deleted"`
	StopList     flag   `json:"in_stop_list"`
}

type wireDestination struct {
	ID          number        `json:"id"`
	Title       text          `json:"title"`
	Description text          `json:"description"`
	TypeID      number        `json:"type_id"`
	Mask        text          `json:"mask"`
	Type        object[named] `json:"type"`
}

type wireHistory struct {
	Message   text   `json:"message"`
	Detail    text   `json:"detail"`
	UpdatedAt moment `json:"updated_at"`
}

type wireAct struct {
	ID     number        `json:"id"`
	Status object[named] `json:"status"`
}

type wireNominal struct {
	Held flag `json:"is_holded"`
}

type wireReceipt struct {
	Key          text                 `json:"key"`
	Status       text                 `json:"status"`
	OperationAt  moment               `json:"operation_at"`
	CancelReason text                 `json:"cancel_reason"`
	CanCancel    flag                 `json:"can_cancel"`
	Links        object[receiptLinks] `json:"links"`
}

type receiptLinks struct {
	Tax   text `json:"fns_url"`
	Saved text `json:"saved_url"`
}

type wireContractor struct {
	ID          number                 `json:"id"`
	Phone       text                   `json:"phone"`
	Email       text                   `json:"email"`
	LastName    text                   `json:"last_name"`
	FirstName   text                   `json:"first_name"`
	MiddleName  text                   `json:"middle_name"`
	LegalFormID number                 `json:"legal_form_id"`
	INN         text                   `json:"inn"`
	AgentID     number                 `json:"agent_id"`
	Balance     object[wireBalanceSum] `json:"balance"`
	Agent       object[named]          `json:"agent"`
	LegalForm   object[wireLegalForm]  `json:"legal_form"`
	Editable    flag                   `json:"is_editable"`
	Deleted     flag                   `json:"is_deleted"`
	StopList    flag                   `json:"in_stop_list"`
	CreatedAt   moment                 `json:"created_at"`
	UpdatedAt   moment                 `json:"updated_at"`
}

type wireBalanceSum struct {
	Value    amount `json:"value"`
	Currency object[struct {
		Code text `json:"code"`
	}] `json:"currency"`
}

type wireLegalForm struct {
	ID           number `json:"id"`
	Title        text   `json:"title"`
	SelfEmployed flag   `json:"is_self_employed"`
}

type wireRequisite struct {
	ID          number                    `json:"id"`
	DisplayName text                      `json:"display_name"`
	Description text                      `json:"description"`
	Type        object[wireKind]          `json:"type"`
	Available   flag                      `json:"is_available"`
	Default     flag                      `json:"is_default"`
	Requisite   object[wireRequisiteBody] `json:"requisite"`
}

type wireKind struct {
	ID    number `json:"id"`
	Slug  text   `json:"slug"`
	Title text   `json:"title"`
}

type wireRequisiteBody struct {
	AccountNumber text `json:"account_number"`
	BankName      text `json:"bank_name"`
	SBPBankID     text `json:"sbp_bank_id"`
}

type wireBalance struct {
	ID          number        `json:"id"`
	Balance     amount        `json:"balance"`
	Frozen      amount        `json:"frozen_balance"`
	Type        object[named] `json:"type"`
	Integration object[named] `json:"integration"`
	Internal    object[named] `json:"customer_balance"`
	Agent       object[named] `json:"agent"`
}

type wireCertificate struct {
	ID          number                  `json:"id"`
	Number      text                    `json:"number"`
	Amount      amount                  `json:"amount"`
	Status      text                    `json:"status"`
	Date        moment                  `json:"date"`
	Agent       object[named]           `json:"agent"`
	Branch      object[named]           `json:"branch_office"`
	BankAccount object[named]           `json:"bank_account"`
	Payment     object[wireCertPayment] `json:"payment"`
	Contractor  object[wireCertPayee]   `json:"contractor"`
	Author      object[named]           `json:"author"`
	Transport   object[struct {
		Mark   text `json:"mark"`
		Number text `json:"number"`
	}] `json:"transport"`
	Scrap object[struct {
		Basis       text `json:"basis_of_ownership"`
		Description text `json:"items_description"`
	}] `json:"scrap_metal_data"`
	Items     rows[wireCertItem]      `json:"certificate_items"`
	Requisite object[wireCertTarget]  `json:"contractor_requisite"`
	Abilities object[map[string]flag] `json:"abilities"`
	CreatedAt moment                  `json:"created_at"`
	UpdatedAt moment                  `json:"updated_at"`
}

type wireCertPayment struct {
	ID     number             `json:"id"`
	Status object[wireStatus] `json:"status"`
	Amount amount             `json:"amount"`
}

type wireCertPayee struct {
	named
	INN   text `json:"inn"`
	Phone text `json:"phone"`
}

type wireCertItem struct {
	Name     text          `json:"name"`
	Type     text          `json:"type"`
	Unit     object[named] `json:"measure_unit"`
	Impurity amount        `json:"impurity_percent"`
	Value    amount        `json:"value"`
	Tare     amount        `json:"tare_weight"`
	Clear    amount        `json:"clear_value"`
	Price    amount        `json:"price"`
	Amount   amount        `json:"amount"`
}

type wireCertTarget struct {
	Requisite object[wireRequisite] `json:"requisite"`
}

type wireBranch struct {
	ID           number          `json:"id"`
	Name         text            `json:"name"`
	Agent        object[named]   `json:"agent"`
	Address      text            `json:"address"`
	LimitMonthly amount          `json:"limit_monthly"`
	LimitDaily   amount          `json:"limit_daily"`
	Active       flag            `json:"is_active"`
	Limits       rows[wireLimit] `json:"limits"`
	CreatedAt    moment          `json:"created_at"`
}

type wireLimit struct {
	Type     text   `json:"type"`
	Limit    amount `json:"limit"`
	Spending amount `json:"spending"`
	Infinite flag   `json:"isInfinity"`
}

type wireSettings struct {
	AllowWithdraw flag `json:"is_allow_withdraw"`
	Features      object[struct {
		Branch              flag `json:"branch_office"`
		BranchInBankAccount flag `json:"branch_office_in_bank_account"`
	}] `json:"features"`
}

// problem is why a payout failed: a string in v1, an object in v2.
type problem string

// UnmarshalJSON reads either form.
func (p *problem) UnmarshalJSON(b []byte) error {
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	*p = problem(t.String())
	var o object[struct {
		Type  text `json:"type"`
		Title text `json:"title"`
		Code  text `json:"code"`
	}]
	if err := o.UnmarshalJSON(b); err != nil || !o.known {
		return err
	}
	*p = problem(o.v.Title.String())
	if code := o.v.Code.String(); code != "" {
		*p += problem(" [" + code + "]")
	}
	return nil
}

package billmanager

import "strconv"

// text is one text in the panel's two languages.
type text struct{ en, ru string }

func (t text) in(lang string) string {
	if lang == "en" {
		return t.en
	}
	return t.ru
}

// The statuses that a payment can have.
const (
	stNew        = 1
	stPaid       = 2
	stPromised   = 3
	stCredited   = 4
	stReturning  = 5
	stRefunded   = 6
	stFraud      = 7
	stInitiated  = 8
	stCancelled  = 9
	stDeleting   = 100
	firstStatus  = stNew
	lastOrdinary = stCancelled
)

var statusWords = map[int]text{
	stNew: {"New", "Новый"}, stPaid: {"Payment in progress", "Оплачивается"}, stPromised: {"Promised payment", "Обещанный платёж"},
	stCredited: {"Credited", "Зачислен"}, stReturning: {"Pending return", "Ожидает возврата"}, stRefunded: {"Refunded", "Возвращён"},
	stFraud: {"Fraudulent", "Мошеннический"}, stInitiated: {"Initiated", "Инициирован"}, stCancelled: {"Canceled", "Отменён"},
	stDeleting: {"Being deleted", "Удаляется"},
}

var months = []string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}

var (
	sayBadPassword = text{"Invalid username or password", "Неверное имя пользователя или пароль"}
	sayBadIP       = text{"Access from this IP address is denied", "Доступ с этого IP-адреса запрещён"}
	sayNoSession   = text{"Access denied. Please log in", "Недостаточно прав. Требуется авторизация"}
	sayCaptcha     = text{"Captcha verification failed", "Проверка captcha не пройдена"}
	sayNoRight     = text{"Insufficient privileges to access the function", "Недостаточно привилегий для доступа к функции"}
	sayNotAllowed  = text{"The operation is not allowed for payment ", "Операция недоступна для платежа "}
	sayNoElement   = text{"The payment is not found: ", "Платёж не найден: "}
	sayNoFunction  = text{"The function is not found: ", "Функция не найдена: "}
	sayNoParam     = text{"The required parameter is missing: ", "Не указан обязательный параметр: "}
	sayBadValue    = text{"Invalid value of the field ", "Неверное значение поля "}

	sayMissed      = text{"The element is not found: ", "Элемент не найден: "}
	sayForeignPage = text{"The request did not come from a page of this panel", "Запрос отправлен не со страницы этой панели"}
	sayExtra       = text{"Confirm the login", "Требуется подтверждение входа"}
	sayBusy        = text{"The request is being processed. Please wait", "Запрос обрабатывается. Пожалуйста, подождите"}
	sayNoFormat    = text{"The function has no such format: ", "Функция не поддерживает такой формат: "}

	didEdit     = text{"Payment changed: ", "Платёж изменён: "}
	didSend     = text{"Document sent by email to ", "Документ отправлен по электронной почте на "}
	didInvoice  = text{"Invoice created: ", "Создан счёт: "}
	didTicket   = text{"Ticket written: ", "Создан запрос в поддержку: "}
	didCreate   = text{"Payment created", "Платёж создан"}
	didCredit   = text{"Payment credited, the account balance increased by ", "Платёж зачислен, баланс лицевого счёта увеличен на "}
	didDelete   = text{"Payment is being deleted", "Платёж удаляется"}
	didRefund   = text{"Full refund of ", "Полный возврат "}
	didPart     = text{"Partial refund of ", "Частичный возврат "}
	didStatus   = text{"Status changed: ", "Изменён статус: "}
	didExternal = text{", external number ", ", внешний номер "}
)

// filterWords are the choices of the filter's form, by field and value. Periods
// are shown as they are written.
var filterWords = map[string]text{
	"profiletype 1": {"Individual", "Физическое лицо"}, "profiletype 2": {"Legal entity", "Юридическое лицо"},
	"profiletype 3": {"Sole proprietor", "Индивидуальный предприниматель"},
	"maildocs 0":    {"Personal account", "Личный кабинет"}, "maildocs 1": {"Mail", "Почта"}, "maildocs 2": {"Email", "Эл. почта"},
	"maildocs 3":             {"Electronic document flow", "Электронный документооборот"},
	"docflow_pdf_status 100": {"Awaiting sending", "Ожидает отправки"}, "docflow_pdf_status 101": {"Sent", "Отправлен"},
	"docflow_pdf_status 400": {"Completed", "Завершён"},
	"restrictrefund on":      {"Yes", "Да"}, "restrictrefund off": {"No", "Нет"}, "restrictrefund null": {"Any", "Любой"},
}

func statusWord(status int, lang string) string {
	if w, ok := statusWords[status]; ok {
		return w.in(lang)
	}
	return strconv.Itoa(status)
}

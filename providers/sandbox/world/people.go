package world

import (
	"fmt"
	"strings"
)

// Person is somebody who pays or is paid.
type Person struct {
	Row        int
	Last       string // Иванова
	First      string
	Middle     string
	Company    string // ООО «Ромашка»; empty for a private person
	Email      string
	Phone      string // +7XXXXXXXXXX
	INN        string // 10 digits for a company, 12 for a person
	CardFirst6 string
	CardLast4  string
	Roll       uint64 // for further choices
}

// Full is the whole name as documents give it.
func (p Person) Full() string { return p.Last + " " + p.First + " " + p.Middle }

// Short is the name with initials.
func (p Person) Short() string {
	return p.Last + " " + initial(p.First) + initial(p.Middle)
}

// Name is the company, or the person's whole name.
func (p Person) Name() string {
	if p.Company != "" {
		return p.Company
	}
	return p.Full()
}

func initial(s string) string {
	for _, r := range s {
		return string(r) + "."
	}
	return ""
}

var (
	lastMen     = []string{"Иванов", "Смирнов", "Кузнецов", "Попов", "Соколов", "Лебедев", "Козлов", "Новиков", "Морозов", "Петров", "Волков", "Соловьёв", "Васильев", "Зайцев", "Павлов", "Семёнов", "Голубев", "Виноградов", "Богданов", "Воробьёв", "Фёдоров", "Михайлов", "Беляев", "Тарасов", "Белов", "Комаров", "Орлов", "Киселёв", "Макаров", "Андреев", "Ковалёв", "Ильин", "Гусев", "Титов", "Кузьмин", "Кудрявцев", "Баранов", "Куликов", "Алексеев", "Степанов"}
	firstMen    = []string{"Александр", "Дмитрий", "Максим", "Сергей", "Андрей", "Алексей", "Артём", "Илья", "Кирилл", "Михаил", "Никита", "Матвей", "Роман", "Егор", "Иван", "Фёдор", "Тимур", "Павел"}
	firstWomen  = []string{"Анастасия", "Мария", "Анна", "Виктория", "Екатерина", "Наталья", "Полина", "Софья", "Елена", "Дарья", "Алёна", "Ксения", "Ольга", "Татьяна", "Юлия", "Ирина"}
	middleRoots = []string{"Александров", "Дмитриев", "Максимов", "Андреев", "Алексеев", "Михайлов", "Иванов", "Романов", "Владимиров", "Петров", "Олегов", "Викторов", "Борисов", "Павлов"}
	companyForm = []string{"ООО", "ООО", "ООО", "АО", "ИП"}
	companyName = []string{"Ромашка", "Север", "Техносфера", "Вектор", "Альфа-Логистик", "Светлый дом", "Горизонт", "Электрон", "Меридиан", "Берёзка", "Хостмаркет", "Датацентр Юг", "Рассвет", "Импульс", "Стройинвест", "Полярная звезда", "Медиа Плюс", "Кедр", "Орион", "Айти Решения", "Лаборатория данных", "Северный ветер", "Гамма", "Титан", "Облако", "Маяк"}
	mailHosts   = []string{"example.ru", "example.com", "mail.example.org", "corp.example.net"}
	binRanges   = []string{"220024", "411111", "555555", "427655", "546925", "220220"}
)

// Person is the row-th of a named crowd ("client", "contractor").
func (w *World) Person(crowd string, row int) Person {
	roll := Mix(w.Seed, crowd, row)
	draw := func(shift uint) uint64 { return Mix(roll, "draw", int(shift)) }
	p := Person{Row: row, Roll: roll, Last: Pick(draw(1), lastMen)}
	middle := Pick(draw(2), middleRoots)
	if draw(3)%2 == 0 {
		p.First, p.Middle = Pick(draw(4), firstMen), middle+"ич"
	} else {
		p.First, p.Middle, p.Last = Pick(draw(4), firstWomen), middle+"на", p.Last+"а"
	}
	p.Phone = fmt.Sprintf("+79%09d", (uint64(row)*7919+draw(5)%7919)%1_000_000_000)
	p.INN = fmt.Sprintf("77%010d", draw(6)%10_000_000_000)
	p.CardFirst6, p.CardLast4 = Pick(draw(7), binRanges), fmt.Sprintf("%04d", draw(8)%10_000)
	p.Email = fmt.Sprintf("%s%d@%s", latin(p.Last), row, Pick(draw(9), mailHosts))
	if crowd != Contractors && Chance(draw(10), 45) {
		form := Pick(draw(11), companyForm)
		if form == "ИП" {
			p.Company = "ИП " + p.Short()
		} else {
			p.Company = fmt.Sprintf("%s «%s»", form, Pick(draw(12), companyName))
			p.INN = p.INN[:10]
		}
	}
	return p
}

// The crowds.
const (
	Clients     = "client"
	Contractors = "contractor"
)

// Clients is how many clients pay. Today's deals do not count: who takes part
// in a deal must not change with the hour at which the world was made.
func (w *World) Clients() int { return max(120, min(w.deals.n/6, 50_000)) }

// Contractors is how many people are paid.
func (w *World) Contractors() int {
	return max(160, min(w.deals.n/cycle*len(payoutPlaces)/5, 50_000))
}

var latinOf = map[rune]string{'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "ch", 'ш': "sh", 'щ': "sch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya"}

func latin(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		b.WriteString(latinOf[r])
	}
	return b.String()
}

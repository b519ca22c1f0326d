package world

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Deal is one event of the world: a client paid for something.
type Deal struct {
	Row     int
	Time    time.Time
	Client  Person
	Seller  Person // the contractor who is paid for it, for deals with a payout
	Amount  decimal.Decimal
	Purpose string // in Russian or English, as people write
	Roll    uint64
}

var purposes = []string{
	"Оплата хостинга, тариф «Старт»", "Продление домена example.ru", "Выделенный сервер, 1 месяц", "VPS-2, продление", "Пополнение лицевого счёта",
	"SSL-сертификат Wildcard", "Резервное копирование, 100 ГБ", "Dedicated server, monthly", "Domain renewal", "Лицензия ISPmanager",
	"Аренда стойки, ноябрь", "CDN traffic package", "Техническая поддержка, 2 часа", "Перенос сайта", "Облачное хранилище, 1 ТБ",
}

// Deal is the row-th deal, row 0 the oldest.
func (w *World) Deal(row int) Deal {
	roll := Mix(w.Seed, "deal", row)
	d := Deal{Row: row, Roll: roll, Time: w.deals.time(row)}
	d.Client = w.Person(Clients, int(Mix(roll, "client", 0)%uint64(w.Clients())))
	d.Seller = w.Person(Contractors, w.SellerRow(row))
	d.Amount = amountOf(Mix(roll, "amount", 0))
	d.Purpose = Pick(Mix(roll, "purpose", 0), purposes)
	if Chance(Mix(roll, "numbered", 0), 40) {
		d.Purpose = fmt.Sprintf("%s, заказ %d", d.Purpose, 100000+row)
	}
	return d
}

// SellerRow is the row of the deal's seller among the contractors, for those
// who look for a seller's deals without making each.
func (w *World) SellerRow(deal int) int {
	return int(Mix(Mix(w.Seed, "deal", deal), "seller", 0) % uint64(w.Contractors()))
}

// amountOf draws a price as shops have them: mostly round hundreds, some with
// kopecks, a few large ones.
func amountOf(roll uint64) decimal.Decimal {
	n := int64(roll >> 8)
	if n < 0 {
		n = -n
	}
	switch roll % 20 {
	case 0:
		return decimal.New(n%90_000_000+1_000_000, -2) // 10 000.00 .. 910 000.00, any kopecks
	case 1, 2, 3, 4:
		return decimal.New(n%500_000+5_000, -2) // 50.00 .. 5 050.00, any kopecks
	case 5, 6, 7:
		return decimal.New((n%400+10)*10_000, -2) // thousands in hundreds
	default:
		return decimal.New((n%60+2)*5_000, -2) // 100 .. 3 100 by fifties
	}
}

// Time is when the row-th deal was made: Deal(row).Time, without drawing the
// rest of it.
func (w *World) Time(row int) time.Time { return w.deals.time(row) }

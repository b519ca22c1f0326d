package jumpfinance

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"bursar/providers"
)

// phoneBook is the contractors' phones and ids. The service cannot look a
// phone up, so the whole list is read, once for a batch.
type phoneBook struct {
	sync.Mutex
	at time.Time
	by map[string][]string
}

// phoneBookAge is how long the phones hold. Who has a phone is checked again
// at the contractor's card before money is sent there.
const (
	phoneBookAge   = 10 * time.Minute
	phoneBookYoung = time.Minute
)

// payee is the id of the contractor whom the intent pays. Nothing has been
// sent when it fails.
func (c *Client) payee(ctx context.Context, in providers.Intent) (int64, error) {
	const key = "payments.create"
	v := in.Values
	id, phone := v[fieldContractor], v[fieldPhone]
	if phone != "" {
		var err error
		if id, err = c.idOfPhone(ctx, phone); err != nil {
			return 0, err
		}
	}
	if phone != "" || v[fieldService] != "" {
		if err := c.checkPayee(ctx, id, phone, v[fieldService]); err != nil {
			return 0, err
		}
	}
	n := idOf(id)
	if n <= 0 {
		return 0, c.errorf(key, providers.FaultInput, "nothing was sent: %q is no contractor's id", id)
	}
	return n, nil
}

// checkPayee reads the contractor's card before money is sent there.
func (c *Client) checkPayee(ctx context.Context, id, phone, service string) error {
	const key = "payments.create"
	raw, err := c.item(ctx, "contractors.get", nil, id)
	if providers.FaultOf(err) == providers.FaultNotFound {
		e := c.errorf(key, providers.FaultInput, "nothing was sent: there is no contractor %s", id)
		e.Field = fieldContractor
		return e
	}
	if err != nil {
		return c.prepare(key, "the contractor could not be read", err)
	}
	var w wireContractor
	if json.Unmarshal(raw, &w) != nil || w.ID.String() != id {
		return c.errorf(key, providers.FaultOffline, "nothing was sent: the answer is not contractor %s", id)
	}
	refuse := func(field, why string) error {
		e := c.errorf(key, providers.FaultInput, "nothing was sent: %s", why)
		e.Field = field
		return e
	}
	switch {
	case phone != "" && w.Phone.String() != phone:
		c.phones.Lock()
		c.phones.at = time.Time{}
		c.phones.Unlock()
		return refuse(fieldPhone, "the contractor's phone has just changed")
	case w.StopList.on:
		return refuse(fieldContractor, "the contractor is in the stop list")
	case w.Deleted.on:
		return refuse(fieldContractor, "the contractor is deleted")
	case service != "" && w.form() != 0 && !w.isSelfEmployed():
		return refuse(fieldService, "the service is for the self-employed only, and this contractor is none")
	}
	return nil
}

// idOfPhone finds the one contractor who has the phone.
func (c *Client) idOfPhone(ctx context.Context, phone string) (string, error) {
	const key = "payments.create"
	c.phones.Lock()
	defer c.phones.Unlock()
	ids, known := c.phones.by[phone]
	age := c.now().Sub(c.phones.at)
	if !known || c.phones.at.IsZero() || age >= phoneBookAge || age < 0 {
		// An unknown phone reads the book again, for a contractor may be new;
		// a book that has just been read is believed.
		if c.phones.at.IsZero() || age >= phoneBookYoung || age < 0 {
			if err := c.readPhones(ctx); err != nil {
				return "", c.prepare(key, "the contractors could not be read", err)
			}
		}
		ids = c.phones.by[phone]
	}
	why := "no contractor has the phone " + phone
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
	default:
		why = fmt.Sprintf("%d contractors have the phone %s: give the contractor's id", len(ids), phone)
	}
	e := c.errorf(key, providers.FaultInput, "nothing was sent: %s", why)
	e.Field = fieldPhone
	return "", e
}

// readPhones reads the whole list of contractors; the lock is held.
func (c *Client) readPhones(ctx context.Context) error {
	const key = "contractors.list"
	by, seen := map[string][]string{}, map[string]bool{}
	perPage := perPages[len(perPages)-1]
	for page := 1; ; page++ {
		raws, meta, err := c.items(ctx, key, nil, page, perPage)
		if err != nil {
			return err
		}
		for _, raw := range raws {
			var w wireContractor
			if json.Unmarshal(raw, &w) != nil || w.ID <= 0 || seen[w.ID.String()] || w.Deleted.on {
				continue
			}
			id := strconv.FormatInt(int64(w.ID), 10)
			seen[id] = true
			by[w.Phone.String()] = append(by[w.Phone.String()], id)
		}
		if page >= int(meta.Last) || len(raws) == 0 {
			break
		}
	}
	c.phones.by, c.phones.at = by, c.now()
	return nil
}

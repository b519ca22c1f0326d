package jumpfinance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// goodSet is an entry of the nomenclature in the system's own fields.
type goodSet struct {
	ID      string   `json:"id"`
	Name    *string  `json:"name"`
	Type    wireSort `json:"type"`
	Deleted wireTime `json:"deleted_at"`
}

// wireSort is the type of goods: its id, or the object that the system shows.
type wireSort struct {
	given bool
	id    string
}

func (w *wireSort) UnmarshalJSON(b []byte) error {
	w.given = true
	if len(b) == 0 || b[0] != '{' {
		return json.Unmarshal(b, &w.id)
	}
	var o struct {
		ID *string `json:"id"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	if o.ID == nil {
		return errors.New(`an object in place of a type must have an "id"`)
	}
	w.id = *o.ID
	return nil
}

// wireTime is a time; null is none.
type wireTime struct {
	given bool
	at    time.Time
}

func (w *wireTime) UnmarshalJSON(b []byte) error {
	w.given, w.at = true, time.Time{}
	return json.Unmarshal(b, &w.at)
}

func (s *Simulator) setGood(v goodSet) error {
	now := s.opt.Gate.Now()
	g := good{ID: s.goodID(len(s.goods)), Created: now}
	i := len(s.goods)
	if v.ID != "" {
		at, ok := s.goodByID(v.ID)
		if !ok {
			return fmt.Errorf("jumpfinance nomenclatures: there is no entry %s; a new one has no id", v.ID)
		}
		i, g = at, s.goods[at]
	}
	put(&g.Name, v.Name)
	if v.Type.given {
		g.Sort = slices.IndexFunc([]int{0, 1, 2}, func(i int) bool { return s.sortID(i) == v.Type.id })
		if g.Sort < 0 {
			return fmt.Errorf("jumpfinance nomenclatures: there is no type %s", v.Type.id)
		}
	}
	if v.Deleted.given {
		g.Deleted = v.Deleted.at
	}
	g.Updated = now
	if i == len(s.goods) {
		s.goods = append(s.goods, g)
		return nil
	}
	s.goods[i] = g
	return nil
}

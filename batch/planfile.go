package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"bursar/providers"
)

// planVersion is the version of the plan file's shape.
const planVersion = 1

// maxPlanSize bounds what ReadPlan takes into memory.
const maxPlanSize = 256 << 20

type planFile struct {
	Version int    `json:"bursar_plan"`
	Hash    string `json:"sha256"` // over the compact JSON of Plan
	Plan    Plan   `json:"plan"`
}

// Hash is the SHA-256 over the plan's canonical content.
func (p Plan) Hash() string {
	canon, err := json.Marshal(p)
	if err != nil {
		return "" // a Plan holds nothing that JSON cannot; an empty hash matches none
	}
	sum := sha256.Sum256(canon)
	return hex.EncodeToString(sum[:])
}

// WritePlan writes the plan as readable JSON with a hash over its content.
func WritePlan(w io.Writer, p Plan) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(planFile{Version: planVersion, Hash: p.Hash(), Plan: p})
}

// ReadPlan reads what WritePlan wrote. A file that was changed, cut short or
// is no plan is refused with one sentence.
func ReadPlan(r io.Reader) (Plan, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxPlanSize+1))
	if err != nil {
		return Plan{}, fmt.Errorf("the plan cannot be read: %w", err)
	}
	if len(raw) > maxPlanSize {
		return Plan{}, fmt.Errorf("the plan is larger than %d MiB: make smaller ones", maxPlanSize>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var f planFile
	if err := dec.Decode(&f); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return Plan{}, errors.New("the plan is empty or cut short: make it again")
		}
		return Plan{}, fmt.Errorf("this is no plan that bursar wrote (%w): make it again", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Plan{}, errors.New("the plan has further text behind its end: make it again")
	}
	if f.Version != planVersion {
		return Plan{}, fmt.Errorf("the plan has version %d, this bursar reads version %d: make it again", f.Version, planVersion)
	}
	if f.Hash == "" || f.Hash != f.Plan.Hash() {
		return Plan{}, errors.New("the plan was changed after it was made (its content does not match its sha256): make it again")
	}
	return f.Plan, f.Plan.validate()
}

// validate refuses a plan that could act twice.
func (p Plan) validate() error {
	if p.ID == "" || p.Action == "" || len(p.Items) == 0 {
		return errors.New("the plan names no batch, no action or no record: make it again")
	}
	ids, refs, keys := map[string]bool{}, map[providers.Ref]bool{}, map[string]bool{}
	for i, it := range p.Items {
		in := it.Intent
		switch {
		case in.ID == "" || in.Key == "":
			return fmt.Errorf("item %d of the plan has no id or key: make the plan again", i+1)
		case in.Action != p.Action:
			return fmt.Errorf("item %d of the plan is a %s in a plan of %s: make the plan again", i+1, in.Action, p.Action)
		case ids[in.ID], keys[in.Key], in.Ref.ID != "" && refs[in.Ref]:
			return fmt.Errorf("item %d of the plan (%s) is there twice: make the plan again", i+1, in.Ref)
		}
		ids[in.ID], keys[in.Key], refs[in.Ref] = true, true, true
	}
	return nil
}

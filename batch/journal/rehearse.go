package journal

func rehearse(Options) error { return nil }

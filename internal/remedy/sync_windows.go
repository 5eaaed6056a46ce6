package remedy

// syncDir has nothing to do: NTFS keeps names by its own journal.
func syncDir(string) error { return nil }

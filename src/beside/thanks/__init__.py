"""Notes of thanks: words for one person, who needs no account to read them, and may answer once."""

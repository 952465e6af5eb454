"""Who may do what in a book: persons, sessions, tokens, and the record of what was done."""

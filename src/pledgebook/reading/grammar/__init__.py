"""The grammar coder: statements by rules and word lists alone."""

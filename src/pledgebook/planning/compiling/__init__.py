"""From a scenario, and a book, to a problem in plain figures."""

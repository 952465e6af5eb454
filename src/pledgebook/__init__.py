"""Pledgebook turns public words about aid into a ledger traced to its sentences."""

"""Answers to what people ask of a ledger, each a pure function of it."""

"""Statements to commitments: the store, reconciling, stages, judgements, and the way back to words.

`Book` is the face of this room for callers; `Store` and `build_ledger` are what it stands on.
"""

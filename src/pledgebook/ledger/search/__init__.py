"""Search over documents, statements and commitments.

    words ── patterns ─┬─ query                     what is asked
                       └─ tables, indexing          what the engines keep
    units (what a day shows) ─ names ─ matching ─ ranking ─ facets, snippets ─ search

The engines only tell which texts hold some words. What is shown, how it is ranked and counted is
worked out here from the ledger of the day, the same on every engine.
"""

"""Money in one currency, and things in money: rates, prices, and what they make of a ledger.

    supplement ─┬─ rates ── convert ── terms ─┬─ values ── sums ── valuing ─┬─ explaining
    ecb ────────┘     pricelist ── prices ────┘                             └─ asking

Nothing is replaced: an amount stays as it was given, and a conversion stands beside it with its
rate, day and source. What cannot be converted or valued is counted as unknown, never as zero.
"""

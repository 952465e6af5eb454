"""Forecasting: from commitments and observations to stock, arrivals, use, run-dry date and gap.

`series` turns what was said of stocks, output and use into series with bands, `fulfilment` tells
what of the promised goods will have arrived by when, `flows` plays both forward, and `forecast`
is the answer, with what cannot be said and why.
"""

"""What the balance shows: plain functions from what a book tells to records, charts and words.

    asked ← workshop ← desk ← listing, playing ← points, charts, tables ← the pages

NumPy, SciPy and Numba are in the extra `forecast`: what needs them is imported when it is used.
"""

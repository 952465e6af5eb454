"""A backup: one file with all of a book as it was at one instant, that restores to either engine.

It is a SQLite file with the tables of the book and two more: what it should hold, and the files
that lie beside a book. So it can be looked into like any book, and tells whether it is whole.
"""

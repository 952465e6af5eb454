"""Migrations of the tables of a book, run when a book is opened."""

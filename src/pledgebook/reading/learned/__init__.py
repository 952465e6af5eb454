"""The learned coder: a small encoder weighs what the grammar's mentions make of a text."""

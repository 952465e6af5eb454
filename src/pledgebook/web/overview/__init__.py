"""What the overview shows: figures, charts, lists and what lies ahead, from a view of the book."""

"""In and out: data sets that others keep, as named releases, and the book in other formats."""

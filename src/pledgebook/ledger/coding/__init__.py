"""What people code: statements that they add, accept and are done with, and how far they agree.

`CodingDesk` in `desk` is the face of this room; `Book.coding` gives it.
"""

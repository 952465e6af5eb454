"""`python -m pledgebook` is the same as `pledgebook`."""

from __future__ import annotations

from pledgebook.cli import main

if __name__ == "__main__":
    main()

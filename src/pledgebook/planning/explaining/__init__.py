"""Why needs stay short, what more would be worth, and what would close a gap."""

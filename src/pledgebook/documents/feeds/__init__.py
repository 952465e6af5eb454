"""Feeds: RSS, Atom and JSON Feed parsed in bounds, and pages fetched as a polite guest does."""

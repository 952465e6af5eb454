"""The present ledger, kept in memory and brought up to date by what changed."""

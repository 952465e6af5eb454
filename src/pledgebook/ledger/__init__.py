"""The room `ledger`."""

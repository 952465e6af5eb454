"""Scenarios kept in a folder, plans made from them beside the requests, and what they came to."""

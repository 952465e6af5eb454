"""Bringing documents in: what is uploaded, pasted or fetched is read beside the requests."""

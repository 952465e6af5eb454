"""The JSON API under `/api/v1`: the same answers as the pages, each with what it rests on."""

"""Documents in other languages than English, read by one engine over one set of data files each."""

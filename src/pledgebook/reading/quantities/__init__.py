"""Numbers, money and dates, as texts write them."""

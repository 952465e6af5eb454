"""The report: one page to send around, every figure of which opens down to its sentences."""

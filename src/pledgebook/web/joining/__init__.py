"""The joining desk: which reports speak of one undertaking, and which of another."""

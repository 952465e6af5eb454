"""Planning part by part, with prices on what couples the parts, and the proof of its bound."""

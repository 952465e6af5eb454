"""The reading desk: a document beside its statements, and what a person makes of them."""

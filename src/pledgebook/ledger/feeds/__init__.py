"""What a book remembers of feeds, and the watcher that polls them and reads what is new."""

"""One module, one harness: `HARNESS` in each says what holds and what to begin with."""

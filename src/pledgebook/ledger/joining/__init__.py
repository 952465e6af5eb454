"""Which statements speak of one undertaking: columns, pairs, scores, partition."""

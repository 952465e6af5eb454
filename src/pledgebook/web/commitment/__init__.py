"""What the pages of commitments show: the list, and one with all that it rests on."""

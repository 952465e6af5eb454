"""The weights of the learned coder, with their card."""

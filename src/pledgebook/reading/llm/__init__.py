"""The coder that asks a language model: prompts, answers, and the door that answers go through."""

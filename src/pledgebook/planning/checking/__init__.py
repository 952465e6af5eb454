"""The independent check: a plan held against every constraint of its problem."""

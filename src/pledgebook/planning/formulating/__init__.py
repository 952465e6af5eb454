"""From a problem to a mixed-integer linear program, built in bulk."""

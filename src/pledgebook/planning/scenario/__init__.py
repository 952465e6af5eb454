"""What a planner may choose from and must respect: a TOML file, read with all its faults."""

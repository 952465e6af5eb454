"""What stands between a request and the pages: hosts, origins, sizes, sessions, headers."""

"""Feeds in the app: watched while the server runs, looked at when asked, shown, taken along."""

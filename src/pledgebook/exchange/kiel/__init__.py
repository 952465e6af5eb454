"""The Ukraine Support Tracker of the Kiel Institute, release by release."""

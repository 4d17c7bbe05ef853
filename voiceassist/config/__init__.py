"""The user's settings, and how files are written."""

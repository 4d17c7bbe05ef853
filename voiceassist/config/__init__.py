"""What the user has chosen, on disk."""

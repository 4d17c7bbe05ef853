"""Theme, icons and reusable controls."""

"""Local tasks that a command can run, and how they are undone."""

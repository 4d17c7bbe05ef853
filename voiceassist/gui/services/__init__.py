"""What the pages work with: the engine, background tasks, and the interfaces that the command line implements."""

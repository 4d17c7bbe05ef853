"""A key combination that works whichever window has the focus, on each desktop in its own way."""

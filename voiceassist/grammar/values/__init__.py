"""Lists and values: what can stand for a slot, and what its words mean."""

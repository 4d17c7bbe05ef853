"""Lists and values: what may stand for a slot and what its words mean."""

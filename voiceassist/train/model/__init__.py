"""The encoder with shared layers, and its weights on disk."""

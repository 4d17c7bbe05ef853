"""Command files: reading, checking, merging and caching them."""

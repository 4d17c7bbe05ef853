"""Model packs: what is in one, whether it may be trusted, and where they are kept."""

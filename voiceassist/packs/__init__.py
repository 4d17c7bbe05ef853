"""Model packs: contents, verification, and where they are installed."""

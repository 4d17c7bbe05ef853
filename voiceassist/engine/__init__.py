"""From an utterance to a decision and its action. ``pipeline`` is synchronous; ``runner`` owns the thread."""

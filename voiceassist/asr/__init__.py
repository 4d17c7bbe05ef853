"""From sound to words: the acoustic model and the search over its output."""

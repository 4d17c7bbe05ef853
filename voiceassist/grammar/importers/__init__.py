"""Command files from the grammars of other programs."""

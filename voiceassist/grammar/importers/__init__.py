"""Import of other programs' grammars as command files."""

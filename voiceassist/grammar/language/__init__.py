"""The template language: YAML with positions, text normalization and templates."""

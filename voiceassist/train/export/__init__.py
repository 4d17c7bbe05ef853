"""From a trained encoder to a model pack."""

"""From templates to the word graph and the automaton, and from words back to meaning."""

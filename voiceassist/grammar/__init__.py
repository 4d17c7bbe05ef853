"""Commands as text: read command files, build the automaton of their sentences, understand words."""

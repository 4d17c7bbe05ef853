"""Compiles templates into the word graph and the automaton, and parses words into intent and slots."""

"""Ears: capture, speech detection, utterances, recordings."""

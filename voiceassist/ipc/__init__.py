"""Requests from a second process to the running instance, over a socket private to this user."""

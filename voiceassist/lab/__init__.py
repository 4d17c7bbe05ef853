"""Measurements for developers: latency, false accepts, capture timing and grammar growth. Not part of the app."""

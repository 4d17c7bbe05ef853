"""Measurements for developers: false accepts, latency, capture timing and grammar growth. Not part of what ships."""

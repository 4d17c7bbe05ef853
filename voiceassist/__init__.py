"""Spoken commands on the laptop itself: offline, small, and open about what it did and why."""

__version__ = "0.1.0"

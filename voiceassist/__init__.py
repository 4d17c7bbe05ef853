"""Spoken commands on the laptop itself: offline, small, and open about what it did and why."""

from voiceassist.telemetry import disable_telemetry, spare_memory

__version__ = "0.1.0"

disable_telemetry()
spare_memory()

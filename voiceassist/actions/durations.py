"""Durations in words."""

from __future__ import annotations

from voiceassist.i18n import joined, mark


def spoken_duration(duration_s: float) -> str:
    """A duration in words: ``1 hour 5 minutes``."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        one if count == 1 else mark(many, count=count)
        for count, one, many in (
            (hours, mark("1 hour"), mark("{count} hours")),
            (minutes, mark("1 minute"), mark("{count} minutes")),
            (seconds, mark("1 second"), mark("{count} seconds")),
        )
        if count
    ]
    return joined(parts) or mark("{count} seconds", count=0)

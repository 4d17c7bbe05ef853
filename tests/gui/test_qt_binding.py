"""Faults of the Qt binding that end the program, so that a release with one is seen here and not by a user."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    sent = Signal(float)


def test_emitting_a_signal_keeps_the_count_of_references(qapp: object) -> None:
    """PySide6 6.12.0 gives a reference to True away with every emit; before Python 3.12 that ends the process."""
    sender = _Sender()
    before = sys.getrefcount(True)
    for _ in range(200):
        sender.sent.emit(0.0)
    assert sys.getrefcount(True) > before - 100

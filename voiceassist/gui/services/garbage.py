"""Collection of garbage on the main thread alone.

Where Python collects on another thread, a Qt object that ends there holds a lock of Qt while it waits for the
interpreter. The main thread may hold the interpreter and wait for that lock, and then both wait for good.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_BUSY_MS, _IDLE_MS = 50, 500
"""Until the next look: after one that found something to collect, and after one that did not. The longer, the more
there is to collect at once: while 10,000 commands were compiled, that held the window for up to 60 ms with looks every
250 ms, and for 19 to 22 ms with looks every 50 ms. Five looks a second cost 0.1 % of a core."""


class MainThreadCollector(QObject):
    """Collects by Python's thresholds, but on the thread of this object. Whoever makes it closes it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=_IDLE_MS)
        self._timer.timeout.connect(self._collect_due)
        self._timer.start()

    def look_soon(self) -> None:
        """Work begins that makes garbage."""
        self._timer.start(_BUSY_MS)

    def close(self) -> None:
        """Python collects by itself again. May be called again."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def _collect_due(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        thresholds = gc.get_threshold()
        due = [generation for generation, count in enumerate(gc.get_count()) if count > thresholds[generation]]
        if due:
            gc.collect(due[-1])
        self._timer.setInterval(_BUSY_MS if due else _IDLE_MS)

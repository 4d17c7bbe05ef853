"""Ends a model run that takes too long, from a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import onnxruntime


class RunWatchdog:
    """Terminates runs of a session that exceed their time. The thread starts with the first run and ends by itself.

    Thread: any; several runs at a time.
    """

    def __init__(self, linger_s: float = 30.0) -> None:
        """``linger_s`` is how long the thread stays without any run."""
        self._linger_s = linger_s
        self._changed = threading.Condition()
        self._runs: dict[onnxruntime.RunOptions, float] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def limited(self, timeout_s: float) -> Iterator[onnxruntime.RunOptions]:
        """Options for one run, which fails inside the block once the time is over."""
        options = onnxruntime.RunOptions()
        options.log_severity_level = 4
        with self._changed:
            self._runs[options] = time.monotonic() + timeout_s
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="voiceassist-watchdog", daemon=True)
                self._thread.start()
        try:
            yield options
        finally:
            with self._changed:
                self._runs.pop(options, None)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._linger_s = 0.0
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        idle_since_s = time.monotonic()
        with self._changed:
            while self._runs or time.monotonic() - idle_since_s < self._linger_s:
                now_s = time.monotonic()
                if self._runs:
                    idle_since_s = now_s
                for options, deadline_s in list(self._runs.items()):
                    if now_s > deadline_s:
                        options.terminate = True
                        del self._runs[options]
                # Waking up now and then costs nothing, and nobody has to wake the thread for each of many short runs.
                self._changed.wait(min(1.0, max(0.01, self._linger_s)))
            self._thread = None

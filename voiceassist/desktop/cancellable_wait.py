"""A wait for a file descriptor that another thread can cancel."""

from __future__ import annotations

import select
import socket


class Wakeup:
    """Ends the wait of another thread."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)

    def wake(self) -> None:
        """End the current wait and all later ones. Thread: any."""
        self._writer.send(b"x")

    def wait(self, descriptor: int, timeout_s: float | None) -> bool:
        """Wait until the descriptor is readable or the timeout has passed; ``False`` once woken."""
        own = self._reader.fileno()
        readable, _, _ = select.select([descriptor, own], [], [], timeout_s)
        return own not in readable

    def close(self) -> None:
        """Close the descriptors."""
        self._reader.close()
        self._writer.close()

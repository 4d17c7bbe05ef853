"""A thread that waits for a file descriptor or for its end."""

from __future__ import annotations

import select
import socket


class Wakeup:
    """Ends the wait of another thread."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)

    def wake(self) -> None:
        """End the wait, now and ever after. Thread: any."""
        self._writer.send(b"x")

    def wait(self, descriptor: int, patience_s: float | None) -> bool:
        """Wait until the descriptor can be read or the patience is over; ``False`` once woken."""
        mine = self._reader.fileno()
        readable, _, _ = select.select([descriptor, mine], [], [], patience_s)
        return mine not in readable

    def close(self) -> None:
        """Give the descriptors back."""
        self._reader.close()
        self._writer.close()

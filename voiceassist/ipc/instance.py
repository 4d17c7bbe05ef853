"""The claim to be the only running instance, on any operating system."""

from __future__ import annotations

import sys
from typing import Protocol

from voiceassist.ipc.messages import Answer


class Instance(Protocol):
    """The claim. Its holder closes it."""

    def serve(self, answer: Answer) -> None:
        """Start to answer requests."""
        ...

    def close(self) -> None:
        """Stop answering, join the threads and release the claim."""
        ...


def claim(address: str) -> Instance | None:
    """Become the running instance, or return ``None`` if there is one already. Leftovers of a crash are removed.

    Raises:
        InstanceError: the socket's folder is unsafe or cannot be used.
    """
    if sys.platform == "win32":
        from voiceassist.ipc.pipe import claim_pipe  # noqa: PLC0415

        return claim_pipe(address)
    from voiceassist.ipc.unix import claim_socket  # noqa: PLC0415 (fcntl is not there on Windows)

    return claim_socket(address)

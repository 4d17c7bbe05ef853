"""The claim to be the one running instance, whatever the system."""

from __future__ import annotations

import sys
from typing import Protocol

from voiceassist.ipc.messages import Answer


class Instance(Protocol):
    """The claim. Whoever has it closes it."""

    def serve(self, answer: Answer) -> None:
        """Answer others from now on."""
        ...

    def close(self) -> None:
        """Answer no more, join the threads and give up the claim."""
        ...


def claim(address: str) -> Instance | None:
    """Become the running instance, or ``None`` where there is one already. What a crash left behind is cleared.

    Raises:
        InstanceError: the place for the socket is unsafe or cannot be used.
    """
    if sys.platform == "win32":
        from voiceassist.ipc.pipe import claim_pipe  # noqa: PLC0415

        return claim_pipe(address)
    from voiceassist.ipc.unix import claim_socket  # noqa: PLC0415 (fcntl is not there on Windows)

    return claim_socket(address)

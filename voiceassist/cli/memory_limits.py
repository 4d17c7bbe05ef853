"""Reports insufficient memory as an error, where libraries would abort the process."""

from __future__ import annotations

import sys

from voiceassist.errors import VoiceAssistError

_SOUND_MB = (384, 224)
"""Address space and data segment for recognition; the detector aborts below. Measured with the shipped model."""
_TEXT_MB = (256, 112)
_WINDOW_MB = (1024, 288)
_NEEDS_MB = {None: _WINDOW_MB, "recognize": _SOUND_MB, "listen": _SOUND_MB, "devices": _SOUND_MB, "bench": _SOUND_MB}


class MemoryLimitError(VoiceAssistError):
    """This process may not use as much memory as the command needs."""


def check_memory(subcommand: str | None, *, asks_only: bool) -> None:
    """Check that the resource limits of this process leave a command enough memory.

    Args:
        subcommand: of the command line; ``None`` for the window.
        asks_only: the command only sends a request to the running program and loads nothing heavy.

    Raises:
        MemoryLimitError: the limits are too low.
    """
    if sys.platform != "linux" or asks_only:
        return
    import resource  # noqa: PLC0415 - not there on Windows

    needed_mb = _NEEDS_MB.get(subcommand, _TEXT_MB)
    kinds = ((resource.RLIMIT_AS, "address space", "-v"), (resource.RLIMIT_DATA, "data", "-d"))
    for (kind, words, option), mb in zip(kinds, needed_mb, strict=True):
        limit_bytes = resource.getrlimit(kind)[0]
        if limit_bytes != resource.RLIM_INFINITY and limit_bytes < mb << 20:
            raise MemoryLimitError(
                f"the memory does not suffice: this needs {mb} MB of {words} and may use {limit_bytes >> 20} MB",
                hint=f"raise the limit: ulimit {option} {mb << 10}",
            )


def too_little_memory() -> VoiceAssistError:
    """The error for a process that ran out of memory."""
    return MemoryLimitError("the memory does not suffice", hint="close other programs, or raise this one's limits")

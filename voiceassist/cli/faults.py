"""Faults of the process: too little memory, a thread that dies, and parts that hang when the program quits."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from voiceassist.errors import VoiceAssistError
from voiceassist.ipc.messages import Answer, Reply, Request, Verb

FAULT = 70
"""Exit status when an internal error ended the program (``EX_SOFTWARE`` of sysexits.h)."""
ENDS_WITHIN_S = 2.5
"""Time limit after ``--quit``; callers wait up to 3 s."""
_ENDS_AFTER_FAULT_S = 10.0

_SOUND_MB = (384, 224)
"""Address space and data segment for recognition; the detector aborts below. Measured with the shipped model."""
_TEXT_MB = (256, 112)
_WINDOW_MB = (1024, 288)
_NEEDS_MB = {None: _WINDOW_MB, "recognize": _SOUND_MB, "listen": _SOUND_MB, "devices": _SOUND_MB, "bench": _SOUND_MB}

log = logging.getLogger(__name__)


@dataclass
class ThreadFaults:
    """Whether a thread has died."""

    happened: bool = False


@contextmanager
def end_when_a_thread_dies() -> Iterator[ThreadFaults]:
    """Reports and logs an uncaught exception in a thread, and ends the program as SIGTERM does."""
    faults = ThreadFaults()
    before = threading.excepthook

    def hook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_type is SystemExit:
            return
        name = arguments.thread.name if arguments.thread else "a thread"
        error = arguments.exc_value or arguments.exc_type()
        log.error("the thread %s has died", name, exc_info=error)
        with contextlib.suppress(OSError, ValueError):  # standard error may be closed
            print(
                f"voiceassist: an internal error ends the program: {type(error).__name__} in {name}\n"
                "  hint: start it again; with --verbose it logs the details",
                file=sys.stderr,
                flush=True,
            )
        if not faults.happened:
            faults.happened = True
            end_after(_ENDS_AFTER_FAULT_S)
            os.kill(os.getpid(), signal.SIGTERM)

    threading.excepthook = hook
    try:
        yield faults
    finally:
        threading.excepthook = before


def ending_in_time(answer: Answer) -> Answer:
    """Wraps a handler: after a request to quit, the process ends in time even if a part of it hangs."""

    def answer_and_end(request: Request) -> Reply:
        if request.verb is Verb.QUIT:
            end_after(ENDS_WITHIN_S)
        return answer(request)

    return answer_and_end


def end_after(delay_s: float) -> None:
    """End this process by force after a while, unless it has ended by then."""

    def end() -> None:
        log.error("the program did not end in %g s and is ended by force", delay_s)
        os._exit(FAULT)

    timer = threading.Timer(delay_s, end)
    timer.name, timer.daemon = "voiceassist-end", True
    timer.start()


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
                f"there is not enough memory: this needs {mb} MB of {words} and may use {limit_bytes >> 20} MB",
                hint=f"raise the limit: ulimit {option} {mb << 10}",
            )


def too_little_memory() -> VoiceAssistError:
    """The error for a process that ran out of memory."""
    return MemoryLimitError("there is not enough memory", hint="close other programs, or raise this one's limits")

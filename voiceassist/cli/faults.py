"""Ends the program when one of its threads dies, and within a time limit when it is asked to quit."""

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

from voiceassist.ipc.messages import Answer, Reply, Request, Verb

FAULT = 70
"""Exit status when an internal error ended the program (``EX_SOFTWARE`` of sysexits.h)."""
ENDS_WITHIN_S = 2.5
"""Time limit after ``--quit``; callers wait up to 3 s."""
_ENDS_AFTER_FAULT_S = 10.0

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
                f"voiceassist: it ends because of a fault in it: {type(error).__name__} in {name}\n"
                "  hint: start it again; --verbose says more",
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

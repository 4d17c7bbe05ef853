"""Finds and ends everything that a program has started, also what has left its session.

A process keeps the environment of the one that started it, whatever sessions and parents it changes to. So a program
gets a variable of its own, and those who have it are its descendants. One that empties its environment is not found.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress

_VARIABLE = "VOICEASSIST_STARTED"


def mark(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program whose descendants can be ended by `end_descendants`."""
    return {**environ, _VARIABLE: secrets.token_hex(16)}


def end_descendants(marked: Mapping[str, str]) -> None:
    """Kill all programs that have the mark of this environment, until no new one appears.

    Thread: any.
    """
    import psutil  # noqa: PLC0415 - few programs are started

    killed: set[int] = set()
    while True:
        before = len(killed)
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid not in killed and process.environ().get(_VARIABLE) == marked[_VARIABLE]:
                    process.kill()
                    killed.add(process.pid)
        if len(killed) == before:
            return

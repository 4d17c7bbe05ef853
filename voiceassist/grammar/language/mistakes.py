"""Gathers the mistakes of a command file, and finds the name that was meant."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

from voiceassist.errors import GrammarError
from voiceassist.i18n import mark

MAX_MISTAKES = 20
"""Reading a file ends after this many mistakes."""
T = TypeVar("T")
R = TypeVar("R")


class Mistakes:
    """Gathers the mistakes of a file instead of stopping at the first."""

    def __init__(self) -> None:
        self._found: list[GrammarError] = []

    def each(self, items: Iterable[T], read: Callable[[T], R]) -> list[R]:
        """What is read from each item; items with a mistake are left out.

        Raises:
            GrammarError: there are so many mistakes that it is not worth to go on.
        """
        results: list[R] = []
        for item in items:
            try:
                results.append(read(item))
            except GrammarError as error:
                if len(self._found) < MAX_MISTAKES:  # else it comes from `tell` in an inner call
                    self._found.append(error)
                if len(self._found) == MAX_MISTAKES:
                    self.tell()
        return results

    def tell(self) -> None:
        """Raise the first mistake of the file, which holds the others, if there are any."""
        if self._found:
            first, *more = sorted(self._found, key=lambda error: error.line)
            first.more = tuple(more)
            raise first


def suggestion(name: str, known: Iterable[str]) -> str:
    """A hint for an unknown name: the closest known name, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    if near:
        return mark("did you mean '{name}'?", name=near[0])
    return mark("known are: {names}", names=", ".join(names[:20])) if names else mark("none are defined yet")

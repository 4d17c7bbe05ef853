"""Reads the text of imported grammars, and scans it from left to right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_IMPORT_BYTES = 256 * 1024
"""Maximum size of an imported file; bounded because every imported sentence is checked as a command."""
_MAX_DEPTH = 30
_SPACE = re.compile(r"\s*")


def read_text(path: Path) -> str:
    """Read a text file of bounded size.

    Raises:
        GrammarError: it cannot be read.
    """
    try:
        return read_untrusted(path, MAX_IMPORT_BYTES).decode("utf-8-sig")
    except OSError as error:
        what = f"{path}: cannot be read: {error.strerror}"
        raise GrammarError(what, hint="check the path; split a file that is too large", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise SourcePosition(str(path), 1, 1).error("not valid UTF-8", "save the file as UTF-8") from error


def positions_in_line(path: Path, line: int) -> Callable[[int], SourcePosition]:
    """Maps a character index to its source position in a line."""
    return lambda offset: SourcePosition(str(path), line, offset + 1)


class Scanner:
    """Scans a text from left to right. ``position_at`` maps a character index to its source position."""

    def __init__(self, text: str, position_at: Callable[[int], SourcePosition]) -> None:
        self._text = text
        self._position_at = position_at
        self._at = 0
        self._depth = 0

    @property
    def position(self) -> SourcePosition:
        """The source position of the next character."""
        return self._position_at(self._at)

    @property
    def ended(self) -> bool:
        return self._at >= len(self._text)

    def take_after_space(self, text: str) -> bool:
        """Consume whitespace followed by ``text``; consume nothing if ``text`` does not follow."""
        begin = self._at
        self.skip_space()
        if self.take(text):
            return True
        self._at = begin
        return False

    def skip_space(self) -> bool:
        """Skip whitespace; return whether there was any."""
        return self.take_match(_SPACE) is not None

    def peek(self) -> str:
        """The next character, without consuming it; ``""`` at the end."""
        return self._text[self._at : self._at + 1]

    def take(self, text: str) -> bool:
        """Consume ``text`` if it comes next; return whether it did."""
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def take_match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Consume a non-empty match at the current position."""
        found = pattern.match(self._text, self._at)
        if found is None or not found[0]:
            return None
        self._at = found.end()
        return found

    def need(self, text: str, what: str) -> None:
        """Consume ``text``, which must come next.

        Raises:
            GrammarError: something else comes next.
        """
        if not self.take(text):
            raise self.error(f"'{text}' must end {what} here")

    def enter_bracket(self) -> None:
        """Enter a bracketed group.

        Raises:
            GrammarError: the groups are nested too deeply.
        """
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self.error("brackets are nested too deeply")

    def leave_bracket(self) -> None:
        """Leave a bracketed group."""
        self._depth -= 1

    def error(self, what: str) -> GrammarError:
        """A syntax error at the current position."""
        return self.position.error(what, "fix it and import again")

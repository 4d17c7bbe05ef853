"""Line-level parser for ``sentences.ini``: sections, sentences and rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_IMPORT_BYTES = 512 * 1024
"""Maximum size of an imported file; bounded because every imported sentence is checked as a command."""
_SECTION = re.compile(r"\[([^\[\]]+)\]\s*$")
_RULE = re.compile(r"([\w.-]+)\s*=\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an intent, or a rule if ``name`` is set."""

    intent: str
    name: str
    text: str
    place: SourcePosition

    def place_at(self, offset: int) -> SourcePosition:
        """The position of a character of the text."""
        return SourcePosition(self.place.file, self.place.line, self.place.column + offset)


def read_lines(path: Path, problems: list[GrammarError]) -> list[Line]:
    """Parse the sentences and rules of a file, in order.

    Args:
        path: the file.
        problems: receives an error for each skipped line, that is, each line before the first ``[Intent]``.

    Raises:
        GrammarError: the file cannot be read, or has no sentences.
    """
    found: list[Line] = []
    intent = ""
    for number, raw in enumerate(read_text(path).splitlines(), 1):
        text = raw.strip()
        if not text or text[0] in "#;":
            continue
        column = raw.index(text[0]) + 1
        if section := _SECTION.match(text):
            intent = section[1].strip()
            continue
        place = SourcePosition(str(path), number, column)
        if not intent:
            problems.append(place.error("this sentence is in no intent", "begin with a line [NameOfTheIntent]"))
            continue
        found.append(_line(intent, text, place))
    if not found and problems:
        raise problems[0]
    if not found:
        raise SourcePosition(str(path), 1, 1).error(
            "there are no sentences", "choose a sentences.ini of Rhasspy or voice2json"
        )
    return found


def _line(intent: str, text: str, place: SourcePosition) -> Line:
    if rule := _RULE.match(text):
        return Line(intent, rule[1], rule[2], SourcePosition(place.file, place.line, place.column + rule.start(2)))
    if text.startswith("\\["):
        return Line(intent, "", text[1:], SourcePosition(place.file, place.line, place.column + 1))
    return Line(intent, "", text, place)


def read_text(path: Path) -> str:
    """Read a text file of bounded size.

    Raises:
        GrammarError: it cannot be read.
    """
    try:
        return read_untrusted(path, MAX_IMPORT_BYTES).decode("utf-8-sig")
    except OSError as error:
        what = f"{path}: cannot be read: {error.strerror}"
        raise GrammarError(what, hint="check the path", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise SourcePosition(str(path), 1, 1).error("not valid UTF-8", "save the file as UTF-8") from error

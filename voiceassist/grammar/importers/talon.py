"""Talon importer: ``.talon`` files. Captures map to built-in lists; lists are read from ``.talon-list`` files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.when import SYSTEMS
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import positions_in_line, read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Node, Slot, Text, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_CAPTURES = {
    "number": "number",
    "number_small": "0..99",
    "number_signed": "number",
    "number_signed_small": "-99..99",
    "number_string": "number",
    "digits": "number",
    "digit_string": "number",
    "ordinals": "ordinal",
    "ordinals_small": "ordinal",
    "letter": "letter",
    "letters": "spelled",
    "phrase": "*text",
    "text": "*text",
    "raw_prose": "*text",
    "prose": "*text",
    "word": "*text",
    "dictation": "*text",
}
"""Built-in lists for the captures of Talon and of its common community files."""
_HEADER = re.compile(r"\s*(?:and\s+)?(not\s+)?([\w.]+)\s*:\s*(.*)")
_SYSTEMS = {"mac": "macos"}


def read_talon(path: Path) -> ImportedGrammar:
    """Import a ``.talon`` file and the ``.talon-list`` files in the same folder.

    Raises:
        GrammarError: the file cannot be read, or has no commands.
    """
    return _TalonReader(path).read()


class _TalonReader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._imported = ImportedGrammar()
        self._lists = dict(_talon_lists(path.parent))
        self._parser = PhraseParser(self._imported, PhraseSyntax(self._reference, self._reference))
        self._when: dict[str, list[str]] = {}

    def read(self) -> ImportedGrammar:
        lines = read_text(self._path).splitlines()
        first = next((number for number, line in enumerate(lines) if line.strip() == "-"), -1)
        for number in range(first):
            self._read_header(lines[number], self._position(number))
        scripts = 0
        for number in range(first + 1, len(lines)):
            line = lines[number]
            if line[:1].isspace() or not line.strip() or line.lstrip().startswith("#"):
                continue
            phrase, colon, _ = line.partition(":")
            if not colon or re.fullmatch(
                r"(tag|settings|key|gamepad|face|parrot|deck|noise|midi)\(.*\)", phrase.strip()
            ):
                self._imported.note(
                    self._position(number), f"'{phrase.strip()}' has no words that can be spoken, so it was left out"
                )
            elif phrase.strip() == "settings":
                self._imported.note(self._position(number), "settings were left out")
            else:
                scripts += 1
                self._command(phrase.strip().removeprefix("^").removesuffix("$"), number)
        if not scripts:
            raise self._position(0).error(
                "there are no commands", "choose a .talon file with lines like 'go home: ...'"
            )
        self._imported.note(self._position(first + 1), f"the actions of {scripts} commands were not carried over")
        return self._imported

    def _read_header(self, line: str, position: SourcePosition) -> None:
        found = _HEADER.fullmatch(line.split("#", maxsplit=1)[0].rstrip())
        if not line.strip() or line.strip().startswith("#"):
            return
        key, value = (found[2], found[3].strip()) if found else ("", "")
        system = _SYSTEMS.get(value, value)
        # Several lines of the same kind are alternatives.
        if found and not found[1] and key == "os" and system in SYSTEMS:
            self._when.setdefault("os", []).append(system)
        elif found and not found[1] and key in {"app", "app.name"} and "/" not in value:
            self._when.setdefault("app", []).append(value.replace("_", " "))
        else:
            self._imported.note(position, f"the condition '{line.strip()}' was dropped")

    def _command(self, phrase: str, number: int) -> None:
        position = self._position(number)
        try:
            node = self._parser.parse(phrase, positions_in_line(self._path, number + 1))
        except GrammarError as error:
            self._imported.note(position, f"'{phrase}' was left out: {error.message.removeprefix(f'{position}: ')}")
            return
        name = self._imported.add_command(position, phrase, node)
        if self._when:
            when = {key: found[0] if len(found) == 1 else list(found) for key, found in self._when.items()}
            self._imported.heads[name] = {"when": when}

    def _reference(self, name: str, position: SourcePosition) -> Node:
        """A list of a file beside, or a known capture."""
        short = plain_name(name.removeprefix("user.").removeprefix("self."))
        values = self._lists.get(name, self._lists.get(f"user.{short}"))
        if values:
            if short not in self._imported.lists:
                self._imported.add_list(position, short, values)
            return Slot(short, short)
        if short in _CAPTURES:
            return Slot(_CAPTURES[short], "text" if _CAPTURES[short] == "*text" else short)
        raise position.error(f"'{name}' is defined in Python", f"make a list '{short}' of it in the command file")

    def _position(self, number: int) -> SourcePosition:
        return SourcePosition(str(self._path), number + 1, 1)


def _talon_lists(folder: Path) -> Iterator[tuple[str, list[Value]]]:
    for path in sorted(folder.glob("*.talon-list")):
        name, values = "", list[Value]()
        lines = iter(read_text(path).splitlines())
        for line in lines:
            if line.strip() == "-":
                break
            name = line.partition(":")[2].strip() if line.startswith("list:") else name
        for line in lines:
            spoken, colon, written = (part.strip() for part in line.partition(":"))
            if spoken and not spoken.startswith("#"):
                out = written.strip("\"'") if colon else spoken
                values.append(Value(template(Text(spoken)), None if out == spoken else out))
        if name:
            yield name, values

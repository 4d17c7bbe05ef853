"""Padatious importer: ``.intent`` files, one sentence per line; ``.entity`` files hold the values of ``{entity}``.

``#`` stands for a digit, ``:0`` for any words.
"""

from __future__ import annotations

from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import positions_in_line, read_text
from voiceassist.grammar.importers.tree import Choice, ImportedGrammar, Node, Slot, Text, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_MAX_DIGITS = 9


def read_padatious(path: Path) -> ImportedGrammar:
    """Import an ``.intent`` file and the ``.entity`` files in the same folder.

    Raises:
        GrammarError: the file cannot be read, or none of its lines can be imported.
    """
    imported = ImportedGrammar()
    reader = _PadatiousReader(path, imported)
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("//"):
            reader.read_line(line.strip(), number)
    if not any(imported.intents.values()):
        raise SourcePosition(str(path), 1, 1).error("there are no sentences", "choose an .intent file of Padatious")
    return imported


class _PadatiousReader:
    def __init__(self, path: Path, imported: ImportedGrammar) -> None:
        self._path = path
        self._imported = imported
        self._parser = PhraseParser(
            imported, PhraseSyntax(self._entity, self._entity, word=lambda word, at: _word(word, at, "number"))
        )
        self._intent = "".join(word[:1].upper() + word[1:] for word in plain_name(path.stem).split("_")) or "Intent"

    def read_line(self, text: str, number: int) -> None:
        position = SourcePosition(str(self._path), number, 1)
        try:
            node = self._parser.parse(text, positions_in_line(self._path, number))
            self._imported.add_sentence(position, self._intent, template(node))
        except GrammarError as error:
            self._imported.note(position, f"this line was left out: {error.message.removeprefix(f'{position}: ')}")

    def _entity(self, name: str, position: SourcePosition) -> Node:
        slot = plain_name(name)
        path = self._path.parent / f"{name}.entity"
        if slot in self._imported.lists or slot in self._imported.free_texts:
            return Slot(slot, slot)
        if not slot or "/" in name or not path.is_file():
            self._imported.note(position, f"there is no file {name}.entity: {{{name}}} is free text")
            self._imported.free_texts.add(slot)
            return Slot(slot, slot)
        lines = [(number, line.strip()) for number, line in enumerate(read_text(path).splitlines(), 1) if line.strip()]
        if lines and all(not line.strip("#") for _, line in lines):
            longest = max(min(len(line), _MAX_DIGITS) for _, line in lines)
            return Slot(f"0..{10**longest - 1}", slot)
        values: list[Value] = []
        for number, line in lines:
            beside = SourcePosition(str(path), number, 1)
            try:
                node = PhraseParser(self._imported, PhraseSyntax(word=_word)).parse(
                    line, positions_in_line(path, number)
                )
                values.append(Value(template(Choice((node,)))))
            except GrammarError as error:
                self._imported.note(beside, f"this value was left out: {error.message.removeprefix(f'{beside}: ')}")
        self._imported.add_list(position, slot, values)
        return Slot(slot, slot)


def _word(word: str, position: SourcePosition, slot: str = "") -> Node:
    """A word, free text for ``:0``, or the range of numbers that a word of ``#`` stands for."""
    if "#" in word and (word.strip("#") or len(word) > _MAX_DIGITS):
        raise position.error(
            f"'#' stands for any digit, which '{word}' has beside other signs", "write {number} instead"
        )
    numbers = f"0..{10 ** len(word) - 1}"
    return Slot("*text", "text") if word == ":0" else Slot(numbers, slot or numbers) if "#" in word else Text(word)

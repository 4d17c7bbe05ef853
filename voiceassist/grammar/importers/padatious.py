"""Padatious importer: ``.intent`` files, one sentence per line; ``.entity`` files hold the values of ``{entity}``."""

from __future__ import annotations

from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.tree import Choice, ImportedGrammar, Node, Slot, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition


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
        self._parser = PhraseParser(imported, PhraseSyntax(self._entity, self._entity))
        self._intent = "".join(word[:1].upper() + word[1:] for word in plain_name(path.stem).split("_")) or "Intent"

    def read_line(self, text: str, number: int) -> None:
        place = SourcePosition(str(self._path), number, 1)
        try:
            if "#" in text:
                raise place.error("'#' stands for any digit", "write {number} instead")
            node = self._parser.parse(text, lambda offset: SourcePosition(str(self._path), number, offset + 1))
            self._imported.add_sentence(place, self._intent, template(node))
        except GrammarError as error:
            self._imported.note(place, f"this line was left out: {error.message.removeprefix(f'{place}: ')}")

    def _entity(self, name: str, place: SourcePosition) -> Node:
        slot = plain_name(name)
        path = self._path.parent / f"{name}.entity"
        if slot in self._imported.lists or slot in self._imported.free_texts:
            return Slot(slot, slot)
        if not slot or "/" in name or not path.is_file():
            self._imported.note(place, f"there is no file {name}.entity: {{{name}}} is free text")
            self._imported.free_texts.add(slot)
            return Slot(slot, slot)
        values: list[Value] = []
        for number, line in enumerate(read_text(path).splitlines(), 1):
            beside = SourcePosition(str(path), number, 1)
            if "#" in line:
                self._imported.note(beside, "'#' stands for any digit, and the line was left out")
            elif line.strip():
                parser = PhraseParser(self._imported, PhraseSyntax(_no_reference))
                node = parser.parse(line.strip(), lambda _, beside=beside: beside)  # type: ignore[misc]
                values.append(Value(template(Choice((node,)))))
        self._imported.add_list(place, slot, values)
        return Slot(slot, slot)


def _no_reference(name: str, place: SourcePosition) -> Node:
    raise place.error(f"<{name}> cannot stand in the value of an entity", "write its words there")

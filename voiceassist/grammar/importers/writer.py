"""ImportedGrammar grammars as command files of ours."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.importers.rhino import read_rhino
from voiceassist.grammar.importers.sentences_ini import read_sentences_ini
from voiceassist.grammar.importers.tree import ImportedGrammar, ImportedIntent, Value


def read_grammar(path: Path) -> ImportedGrammar:
    """Read Rhino's YAML or a ``sentences.ini``, told apart by the name's ending.

    Raises:
        GrammarError: ``file:line:column: what is wrong``.
    """
    if path.suffix.lower() in {".yaml", ".yml"}:
        return read_rhino(path)
    if path.suffix.lower() in {".ini", ".txt", ""}:
        return read_sentences_ini(path)
    raise GrammarError(f"{path}: of no known kind", hint="give a .yml of Rhino, or a sentences.ini", file=str(path))


def command_file(imported: ImportedGrammar, source: str) -> str:
    """The text of the command file."""
    parts: dict[str, Any] = {
        "intents": {
            name: _intent(blocks) for name, blocks in imported.intents.items() if any(b.sentences for b in blocks)
        }
    }
    if imported.lists:
        parts["lists"] = {
            name: {"values": [_value(value) for value in values]} for name, values in imported.lists.items()
        }
    if imported.rules:
        parts["expansion_rules"] = dict(imported.rules)
    dumped = yaml.safe_dump(parts, sort_keys=False, allow_unicode=True, width=10_000)
    return f"# ImportedGrammar from {source}. Give an intent 'action:' and 'risk:' to let it do something.\n{dumped}"


def load_text(text: str) -> CommandSet:
    """Check a command file before it is written.

    Raises:
        GrammarError: it is not right after all.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.yaml"
        path.write_text(text, encoding="utf-8")
        return load_commands([path])


def _intent(blocks: list[ImportedIntent]) -> dict[str, Any]:
    if len(blocks) == 1 and not blocks[0].slots:
        return {"sentences": blocks[0].sentences}
    return {"data": [_block(block) for block in blocks if block.sentences]}


def _block(block: ImportedIntent) -> dict[str, Any]:
    return {"sentences": block.sentences, "slots": block.slots} if block.slots else {"sentences": block.sentences}


def _value(value: Value) -> Any:
    return value.said if value.out is None else {"in": value.said, "out": value.out}

"""Detects the format of another program's grammar, imports it and writes it as a command file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.importers.dragonfly import read_dragonfly
from voiceassist.grammar.importers.jsgf import read_jsgf
from voiceassist.grammar.importers.padatious import read_padatious
from voiceassist.grammar.importers.rhino import read_rhino
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.sentences_ini import read_sentences_ini
from voiceassist.grammar.importers.talon import read_talon
from voiceassist.grammar.importers.tree import ImportedGrammar, ImportedIntent, Text, Value, plain_name, template
from voiceassist.grammar.language.mistakes import MAX_MISTAKES
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_PHRASE_LIST = "phrase"


def _read_vosk(path: Path) -> ImportedGrammar:
    """Import a phrase list as one intent, whose slot ``phrase`` holds the recognized phrase.

    Raises:
        GrammarError: the file is not a JSON list of strings.
    """
    start = SourcePosition(str(path), 1, 1)
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        position = SourcePosition(str(path), getattr(error, "lineno", 1), getattr(error, "colno", 1))
        raise position.error("not valid JSON", 'choose a list such as ["go home", "[unk]"]') from error
    if not isinstance(found, list) or not all(isinstance(phrase, str) for phrase in found):
        raise start.error("this is not a list of phrases", 'choose a list such as ["go home", "[unk]"]')
    imported = ImportedGrammar()
    imported.note(start, "each phrase is a sentence by itself: several in a row are not recognized")
    if "[unk]" in found:
        imported.note(start, "[unk] was dropped: speech that is not a command is always rejected")
    phrases = dict.fromkeys(phrase.strip() for phrase in found if phrase.strip() not in {"", "[unk]"})
    imported.add_list(start, _PHRASE_LIST, [Value(template(Text(phrase))) for phrase in phrases])
    if not imported.lists[_PHRASE_LIST]:
        raise start.error("there are no phrases", 'choose a list such as ["go home", "[unk]"]')
    imported.add_sentence(
        start, "".join(word.capitalize() for word in plain_name(path.stem).split("_")), f"{{{_PHRASE_LIST}}}"
    )
    return imported


_READERS: dict[str, Callable[[Path], ImportedGrammar]] = {
    ".yaml": read_rhino,
    ".yml": read_rhino,
    ".ini": read_sentences_ini,
    ".txt": read_sentences_ini,
    "": read_sentences_ini,
    ".jsgf": read_jsgf,
    ".gram": read_jsgf,
    ".talon": read_talon,
    ".py": read_dragonfly,
    ".intent": read_padatious,
    ".json": _read_vosk,
}


def read_grammar(path: Path) -> ImportedGrammar:
    """Import a grammar of another program; the file extension determines the format.

    Raises:
        GrammarError: the format is unknown, the file cannot be read, or it contains nothing to import.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        hint = "known are Rhino's .yml, sentences.ini, .jsgf, .talon, Dragonfly's .py, .intent and vosk's .json"
        raise GrammarError(f"{path}: grammars of this kind are unknown", hint=hint, file=str(path))
    imported = reader(path)
    _leave_out_unusable(imported, path)
    if not any(block.sentences for blocks in imported.intents.values() for block in blocks):
        what = "\n".join([*imported.notes[:MAX_MISTAKES], f"{path}: there are no sentences that can be imported"])
        raise GrammarError(what, hint="correct the file first, or write the sentences anew", file=str(path))
    return imported


def _leave_out_unusable(imported: ImportedGrammar, path: Path) -> None:
    """Drop sentences that are not valid commands, such as one that can be empty, with a note for each."""
    everything = [
        (intent, block, text)
        for intent, blocks in imported.intents.items()
        for block in blocks
        for text in block.sentences
    ]
    waiting = [everything]
    while waiting:
        some = waiting.pop()
        problem = _problem(imported, some)
        if problem is not None and len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
        elif problem is not None:
            ((intent, block, text),) = some
            block.sentences.remove(text)
            what = problem.message.partition(": ")[2] or problem.message
            imported.note(SourcePosition(str(path), 1, 1), f"the sentence '{text}' of '{intent}' was left out: {what}")


def _problem(imported: ImportedGrammar, sentences: list[tuple[str, ImportedIntent, str]]) -> GrammarError | None:
    if not sentences:
        return None
    intents: dict[str, list[ImportedIntent]] = {}
    for intent, _, text in sentences:
        intents.setdefault(intent, [ImportedIntent([], {})])[0].sentences.append(text)
    try:
        commands = load_text(command_file(replace(imported, intents=intents, heads={}), ""))
        if imported.free_texts or any("{*" in text for _, _, text in sentences):
            build_word_graph(commands)  # raises an error if free text follows free text
    except GrammarError as error:
        return error
    return None


def command_file(imported: ImportedGrammar, source: str) -> str:
    """Serialize an imported grammar as the text of a command file."""
    intents: dict[str, Any] = {}
    for name, blocks in imported.intents.items():
        data = [
            {"sentences": block.sentences, "slots": block.slots} if block.slots else {"sentences": block.sentences}
            for block in blocks
            if block.sentences
        ]
        if data:
            simple = len(blocks) == 1 and not blocks[0].slots
            intents[name] = {**imported.heads.get(name, {}), **(data[0] if simple else {"data": data})}
    parts: dict[str, Any] = {"intents": intents}
    lists: dict[str, Any] = {}
    for name, values in imported.lists.items():
        if values:
            outputs = [
                value.spoken if value.out is None else {"in": value.spoken, "out": value.out} for value in values
            ]
            lists[name] = {"values": outputs}
    lists |= {name: {"command": argv} for name, argv in imported.programs.items()}
    lists |= {name: {"wildcard": True} for name in sorted(imported.free_texts)}
    if lists:
        parts["lists"] = lists
    if imported.rules:
        parts["expansion_rules"] = dict(imported.rules)
    dumped = yaml.dump(parts, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=10_000)
    return f"# Imported from {source}. Give an intent 'action:' and 'risk:' to let it do something.\n{dumped}"


def load_text(text: str) -> CommandSet:
    """Parse and check the text of a command file before it is written.

    Raises:
        GrammarError: the text is not a valid command file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.yaml"
        path.write_text(text, encoding="utf-8")
        return load_commands([path])

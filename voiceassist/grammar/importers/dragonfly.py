"""Importer for Dragonfly and Caster: reads the mappings from a Python file's AST without executing the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Node, Slot, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_ACTION_CHARS = 120
_NUMBERS = {"IntegerRef", "Integer", "IntegerRefST", "ShortIntegerRef", "ShortIntegerRefNo8"}
_TEXTS = {"Dictation", "TextQuery"}


def read_dragonfly(path: Path) -> ImportedGrammar:
    """Import every ``mapping`` in a file, and the ``spec`` of every class, with their ``extras``.

    Raises:
        GrammarError: the file is not valid Python, or has no mapping.
    """
    try:
        tree = ast.parse(read_text(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise SourcePosition(str(path), line, 1).error(
            "not valid Python", "choose a file that Dragonfly loads"
        ) from error
    imported = ImportedGrammar()
    found = False
    for defined, name in _rules(tree):
        mapping, spec = defined.get("mapping"), defined.get("spec")
        if isinstance(mapping, ast.Dict):
            reader, found = _RuleReader(path, imported, defined), True
            for phrase, action in zip(mapping.keys, mapping.values, strict=True):
                reader.read(phrase, action)
        elif spec is not None and name:
            found = True
            _RuleReader(path, imported, defined).read(spec, spec, name)
    if not found:
        raise SourcePosition(str(path), 1, 1).error("there is no mapping", "choose a file with 'mapping = {...}'")
    return imported


def _rules(tree: ast.AST) -> Iterator[tuple[dict[str, ast.expr], str]]:
    """What class bodies and calls such as ``MappingRule(mapping=..., extras=...)`` define, each with its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}, ""
        elif isinstance(node, ast.ClassDef | ast.Module):
            assigned = (statement for statement in node.body if isinstance(statement, ast.Assign))
            targets = ((target, statement.value) for statement in assigned for target in statement.targets)
            found = {target.id: value for target, value in targets if isinstance(target, ast.Name)}
            yield found, getattr(node, "name", "")


class _RuleReader:
    def __init__(self, path: Path, imported: ImportedGrammar, defined: Mapping[str, ast.expr]) -> None:
        self._path = path
        self._imported = imported
        self._parser = PhraseParser(imported, PhraseSyntax(self._slot))
        extras = defined.get("extras")
        calls = extras.elts if isinstance(extras, ast.List | ast.Tuple) else []
        named = ((_argument(call, 0, "name"), call) for call in calls if isinstance(call, ast.Call))
        self._extras = {name: call for name, call in named if isinstance(name, str)}
        defaults = defined.get("defaults")
        if isinstance(defaults, ast.Dict) and defaults.keys:
            imported.note(self._position(defaults), "the defaults were dropped: what is not said fills no slot")

    def read(self, phrase: ast.expr | None, action: ast.expr, name: str = "") -> None:
        """Import a phrase; that of a class has the name of the class, and no action."""
        position = self._position(phrase or action)
        if not isinstance(phrase, ast.Constant) or not isinstance(phrase.value, str):
            self._imported.note(position, "the phrase is computed by the program, so it was left out")
            return
        try:
            node = self._parser.parse(phrase.value, lambda _: position)
        except GrammarError as error:
            what = error.message.removeprefix(f"{position}: ")
            self._imported.note(position, f"'{phrase.value}' was left out: {what}")
            return
        intent = self._imported.add_command(position, phrase.value, node, name)
        if not name:
            done = ast.unparse(action)[:MAX_ACTION_CHARS]
            self._imported.heads[intent] = {"description": done}
            self._imported.note(position, f"the action {done} is kept as a description only")

    def _slot(self, name: str, position: SourcePosition) -> Node:
        extra = self._extras.get(name)
        called = None if extra is None else extra.func
        kind = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        slot = plain_name(name) or "value"
        if kind in _TEXTS or (extra is None and name in {"text", "dictation"}):
            return Slot("*text", slot)
        if kind in _NUMBERS or (extra is None and name in {"n", "n2"}):
            low, end = _argument(extra, 1, "min"), _argument(extra, 2, "max")
            known = isinstance(low, int) and isinstance(end, int) and low < end
            return Slot(f"{low}..{end - 1}" if known else "0..9999", slot)
        choices = _argument(extra, 1, "choices")
        if kind in {"Choice", "ChoiceRef"} and isinstance(choices, ast.Dict):
            pairs = zip(choices.keys, choices.values, strict=True)
            values = [value for pair in pairs if (value := self._value(*pair)) is not None]
            return Slot(self._imported.shared_list(position, slot, values), slot)
        raise position.error(f"<{name}> is defined elsewhere", f"make a list '{slot}' of it in the command file")

    def _value(self, spoken: ast.expr | None, meant: ast.expr) -> Value | None:
        if not isinstance(spoken, ast.Constant) or not isinstance(spoken.value, str) or not spoken.value.strip():
            self._imported.note(
                self._position(spoken or meant), "the phrase is computed by the program, so it was left out"
            )
            return None
        try:
            phrase = PhraseParser(self._imported, PhraseSyntax())
            words = template(phrase.parse(spoken.value, lambda _: self._position(spoken)))
        except GrammarError as error:
            self._imported.note(self._position(spoken), f"'{spoken.value}' was left out: {error.message}")
            return None
        out = meant.value if isinstance(meant, ast.Constant) else ast.unparse(meant)
        value = out if isinstance(out, str | int | float | bool) else str(out)
        return Value(words, None if value == words else value)

    def _position(self, node: ast.expr) -> SourcePosition:
        return SourcePosition(str(self._path), node.lineno, node.col_offset + 1)


def _argument(call: ast.Call | None, index: int, name: str) -> Any:
    """The value of an argument; an expression that is no constant as it is written, ``None`` if it is not given."""
    given = [] if call is None else call.args[index : index + 1]
    named = [] if call is None else [keyword.value for keyword in call.keywords if keyword.arg == name]
    found = next(iter((*given, *named)), None)
    return found.value if isinstance(found, ast.Constant) else found

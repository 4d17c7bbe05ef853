"""Importer for Dragonfly and Caster: reads the mappings from a Python file's AST without executing the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Node, Slot, Text, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_ACTION_CHARS = 120
_NUMBERS = {"IntegerRef", "Integer", "IntegerRefST", "ShortIntegerRef", "ShortIntegerRefNo8"}
_TEXTS = {"Dictation", "TextQuery"}


def read_dragonfly(path: Path) -> ImportedGrammar:
    """Import every ``mapping`` in a file with its ``extras``.

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
    rules = list(_mappings(tree))
    if not rules:
        raise SourcePosition(str(path), 1, 1).error("there is no mapping", "choose a file with 'mapping = {...}'")
    for mapping, extras in rules:
        _RuleReader(path, imported, extras).read(mapping)
    return imported


def _mappings(tree: ast.AST) -> Iterator[tuple[ast.Dict, list[ast.expr]]]:
    """Mappings in class bodies and in calls such as ``MappingRule(mapping=..., extras=...)``, each with its extras."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        elif isinstance(node, ast.ClassDef | ast.Module):
            named = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
        else:
            continue
        mapping, extras = named.get("mapping"), named.get("extras")
        if isinstance(mapping, ast.Dict):
            yield mapping, list(extras.elts) if isinstance(extras, ast.List | ast.Tuple) else []


class _RuleReader:
    def __init__(self, path: Path, imported: ImportedGrammar, extras: list[ast.expr]) -> None:
        self._path = path
        self._imported = imported
        self._parser = PhraseParser(imported, PhraseSyntax(self._extra))
        self._extras = {name: call for call in extras if (name := _first_text(call)) is not None}
        self._slots: dict[str, Node] = {}

    def read(self, mapping: ast.Dict) -> None:
        for key, action in zip(mapping.keys, mapping.values, strict=True):
            place = self._place(key or action)
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                self._imported.note(place, "the phrase is computed by the program, so it was left out")
                continue
            self._command(key.value, key, action)

    def _command(self, phrase: str, key: ast.expr, action: ast.expr) -> None:
        place = self._place(key)
        try:
            node = self._parser.parse(phrase, lambda _: place)
        except GrammarError as error:
            self._imported.note(place, f"'{phrase}' was left out: {error.message.removeprefix(f'{place}: ')}")
            return
        name = "".join(word.capitalize() for word in plain_name(phrase).split("_")[:6]) or "Command"
        name = self._imported.free_name(name, lambda name: name in self._imported.intents)
        self._imported.add_sentence(place, name, template(node))
        done = ast.unparse(action)[:MAX_ACTION_CHARS]
        self._imported.heads[name] = {"description": done}
        self._imported.note(place, f"the action {done} is kept as a description only")

    def _extra(self, name: str, place: SourcePosition) -> Node:
        if name not in self._slots:
            self._slots[name] = self._slot(name, self._extras.get(name), place)
        return self._slots[name]

    def _slot(self, name: str, extra: ast.expr | None, place: SourcePosition) -> Node:
        called = extra.func if isinstance(extra, ast.Call) else None
        kind = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        slot = plain_name(name) or "value"
        arguments = extra.args[1:] if isinstance(extra, ast.Call) else []
        if kind in _TEXTS or (extra is None and name in {"text", "dictation"}):
            return Slot("*text", slot)
        if kind in _NUMBERS or (extra is None and name in {"n", "n2"}):
            limits = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, int)]
            low, end = (limits[0], limits[1]) if len(limits) > 1 and limits[0] < limits[1] else (0, 10_000)
            return Slot(f"{low}..{end - 1}", slot)
        if kind in {"Choice", "ChoiceRef"} and arguments and isinstance(arguments[0], ast.Dict):
            pairs = zip(arguments[0].keys, arguments[0].values, strict=True)
            values = [value for pair in pairs if (value := _value(*pair)) is not None]
            lists = self._imported.lists
            list_name = self._imported.free_name(slot, lambda name: name in lists and lists[name] != values)
            self._imported.add_list(place, list_name, values)
            return Slot(list_name, slot)
        raise place.error(f"<{name}> is defined elsewhere", f"make a list '{slot}' of it in the command file")

    def _place(self, node: ast.expr) -> SourcePosition:
        return SourcePosition(str(self._path), node.lineno, node.col_offset + 1)


def _first_text(call: ast.expr) -> str | None:
    if not isinstance(call, ast.Call):
        return None
    named = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
    first = next(iter((*call.args, *named)), None)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _value(spoken: ast.expr | None, meant: ast.expr) -> Value | None:
    if not isinstance(spoken, ast.Constant) or not isinstance(spoken.value, str) or not spoken.value.strip():
        return None
    out = meant.value if isinstance(meant, ast.Constant) else ast.unparse(meant)
    value = out if isinstance(out, str | int | float | bool) else str(out)
    return Value(template(Text(spoken.value)), None if value == spoken.value else value)

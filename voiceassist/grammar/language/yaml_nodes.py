"""YAML nodes with their positions, so that every error can name its line and column."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError
from voiceassist.grammar.language.mistakes import suggestion
from voiceassist.i18n import mark

MAX_FILE_BYTES = 1024 * 1024
_MAX_DEPTH = 40
_TOO_DEEP = (mark("nested too deeply"), mark("check the brackets above"))
_MAX_DATA_NODES = 10_000
T = TypeVar("T")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def error(self, what: str, hint: str, kind: type[GrammarError] = GrammarError) -> GrammarError:
        """An error at this position."""
        return kind(f"{self}: {what}", hint=hint, file=self.file, line=self.line, what=what)


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value of the file. Its type is checked when it is read."""

    file: str
    node: yaml.Node

    @property
    def place(self) -> SourcePosition:
        """The position where the value starts."""
        start = self.node.start_mark
        return SourcePosition(self.file, start.line + 1, start.column + 1)

    def place_at(self, offset: int) -> SourcePosition:
        """The position of a character of a string; the string's start if escapes or folding shift it."""
        start, end = self.node.start_mark, self.node.end_mark
        quotes = 2 if getattr(self.node, "style", None) in {'"', "'"} else 0
        verbatim = start.line == end.line and end.column - start.column == len(self.node.value) + quotes
        shift = offset + quotes // 2 if verbatim else 0
        return SourcePosition(self.file, start.line + 1, start.column + 1 + shift)

    def error(self, what: str, hint: str) -> GrammarError:
        """An error at this value."""
        return self.place.error(what, hint)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value: ``key:`` alone."""
        return self.node.tag == "tag:yaml.org,2002:null"

    def has_key(self, name: str) -> bool:
        """Whether this is a mapping with such a key."""
        return self.is_mapping and any(getattr(key, "value", None) == name for key, _ in self.node.value)

    def text(self, what: str) -> str:
        """The value as a string; numbers and words such as ``on`` are kept as written.

        Raises:
            GrammarError: it is a list, a mapping or empty.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self.is_empty or not self.node.value.strip():
            raise self.error(
                mark("{what} must be text, not {kind}", what=what, kind=self._kind()),
                mark("write it on one line, in quotes"),
            )
        return str(self.node.value)

    def choice(self, what: str, known: Collection[str]) -> str:
        """The value as one of several names, in lower case.

        Raises:
            GrammarError: it is not text, or an unknown name.
        """
        name = self.text(f"'{what}'").strip().lower()
        if name not in known:
            raise self.error(mark("unknown {what} '{name}'", what=what, name=name), suggestion(name, known))
        return name

    def number(self, what: str) -> float:
        """The value as a number.

        Raises:
            GrammarError: it is not a number.
        """
        value = self.data() if isinstance(self.node, yaml.ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(
                mark("{what} must be a number, not {kind}", what=what, kind=self._kind()),
                mark("write digits, for example 10"),
            )
        return value

    def sequence(self, what: str) -> list[YamlNode]:
        """The entries of a list.

        Raises:
            GrammarError: it is not a list, or it is empty.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(
                mark("{what} must be a list, not {kind}", what=what, kind=self._kind()),
                mark("begin each entry with '- '"),
            )
        if not self.node.value:
            raise self.error(mark("{what} is empty", what=what), mark("add at least one entry or remove it"))
        return [YamlNode(self.file, child) for child in self.node.value]

    def mapping(self, what: str, allowed: Iterable[str] | None = None) -> dict[str, YamlNode]:
        """The entries of a mapping; an empty value is an empty mapping.

        Raises:
            GrammarError: it is not a mapping, or a key is duplicate or not allowed.
        """
        if self.is_empty:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(
                mark("{what} must be a mapping, not {kind}", what=what, kind=self._kind()),
                mark("write 'name: value' lines"),
            )
        found: dict[str, YamlNode] = {}
        for key_node, value_node in self.node.value:
            key = YamlNode(self.file, key_node)
            name = key.text(mark("a key in {what}", what=what))
            if name in found:
                raise key.error(
                    mark("'{name}' appears twice in {what}", name=name, what=what), mark("keep one of the two")
                )
            if name[0].isspace():
                raise key.error(
                    mark("this line begins with a space of another kind"), mark("indent it with plain spaces")
                )
            if allowed is not None and name not in (known := list(allowed)):
                raise key.error(mark("{what} has no key '{name}'", what=what, name=name), suggestion(name, known))
            found[name] = YamlNode(self.file, value_node)
        return found

    def data(self) -> Any:
        """The value as plain Python data.

        Raises:
            GrammarError: it is too large.
        """
        return _data(self, budget=[_MAX_DATA_NODES], depth=0)

    def _kind(self) -> str:
        if self.is_empty or not self.node.value:
            return mark("nothing")
        if self.is_sequence:
            return mark("a list")
        return mark("a mapping") if self.is_mapping else f"'{self.node.value}'"


def _data(item: YamlNode, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:
        raise item.error(mark("this value is too large"), mark("do not use aliases that repeat each other"))
    if item.is_sequence:
        return [_data(YamlNode(item.file, child), budget, depth + 1) for child in item.node.value]
    if item.is_mapping:
        return {key: _data(value, budget, depth + 1) for key, value in item.mapping("this value").items()}
    if item.is_empty:
        return None
    text = str(item.node.value)
    read: dict[str, Callable[[], Any]] = {"int": lambda: int(text, 0), "float": lambda: float(text.replace("_", ""))}
    read["bool"] = lambda: text.lower() in {"yes", "true", "on"}
    try:
        return read.get(item.node.tag.removeprefix("tag:yaml.org,2002:"), lambda: text)()
    except ValueError:
        # YAML 1.1 reads 10:30 and the like as numbers; whatever Python does not read as one stays a string.
        return text


def read_yaml(path: Path) -> YamlNode:
    """Read a command file.

    Raises:
        GrammarError: it is missing, too large, empty, or not valid UTF-8 or YAML.
    """
    text = _read_text(path)
    file = str(path)
    try:
        # refuse deep nesting before `yaml.compose`, whose C part recurses without limit and would crash
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                line, column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
                raise SourcePosition(file, line + 1, column + 1).error(*_TOO_DEEP)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(file, text, error) from error
    except yaml.reader.ReaderError as error:
        # libyaml gives a number and counts bytes, PyYAML a letter and counts letters
        is_number = isinstance(error.character, int)
        before = text.encode()[: error.position] if is_number else text[: error.position].encode()
        code = error.character if is_number else ord(error.character)
        line, what = before.count(b"\n") + 1, mark("the character U+{code} is not allowed in YAML", code=f"{code:04X}")
        raise SourcePosition(file, line, 1).error(
            what, mark("remove it, or save the file as plain UTF-8 text")
        ) from error
    except yaml.YAMLError as error:
        raise SourcePosition(file, 1, 1).error(
            mark("not valid YAML: {error}", error=error), mark("save it as plain UTF-8 text")
        ) from error
    if node is None or node.tag == "tag:yaml.org,2002:null":
        raise SourcePosition(file, 1, 1).error(
            mark("the file is empty"), mark("begin with 'intents:' and a first intent below it")
        )
    return YamlNode(file, node)


def _read_text(path: Path) -> str:
    try:
        return read_untrusted(path, MAX_FILE_BYTES).decode("utf-8-sig")
    except OSError as error:
        if error.errno == errno.EFBIG:
            limit_mb = MAX_FILE_BYTES // 1024**2
            raise SourcePosition(str(path), 1, 1).error(
                mark("the file has more than {mb} MB", mb=limit_mb), mark("split it into several files")
            ) from error
        reason = error.strerror or str(error)
        raise GrammarError(
            f"{path}: cannot be read: {reason}",
            hint=mark("check the path of the command file"),
            file=str(path),
            what=mark("it cannot be read: {why}", why=reason),
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourcePosition(str(path), line, 1).error(
            mark("not valid UTF-8"), mark("save the file as UTF-8")
        ) from error


def _syntax_error(file: str, text: str, error: yaml.MarkedYAMLError) -> GrammarError:
    found = error.problem_mark or error.context_mark
    place = SourcePosition(file, 1, 1) if found is None else SourcePosition(file, found.line + 1, found.column + 1)
    what = error.problem or "not valid YAML"
    if "nesting depth" in what:  # PyYAML 6.0.4 looks ahead as far as its own limit
        return place.error(*_TOO_DEEP)
    at = "" if found is None else next(iter(text.split("\n")[found.line : found.line + 1]), "")[: found.column + 1]
    if "found another document" in what:
        return place.error(
            mark("a second YAML document begins here"), mark("remove the line '---', or put it into another file")
        )
    if "cannot start any token" in what and at.endswith("\t"):
        return place.error(mark("a tab is used for indentation"), mark("use spaces: YAML does not allow tabs there"))
    if "cannot start any token" in what and at:
        return place.error(mark("'{char}' cannot begin a value", char=at[-1]), mark("put the whole value in quotes"))
    hint = mark(
        "check indentation and quotes; a sentence with ':', '#', '{', '[', '&' or '*' at its start needs quotes"
    )
    return place.error(mark("YAML: {what}", what=what), hint)

"""YAML nodes with their positions, so that every error can name its line and column."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError

MAX_FILE_BYTES = 1024 * 1024
MAX_MISTAKES = 20
"""Reading a file ends after this many mistakes."""
_MAX_DEPTH = 40
_TOO_DEEP = ("nested too deeply", "check the brackets above")
_MAX_DATA_NODES = 10_000
T = TypeVar("T")
R = TypeVar("R")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def error(self, what: str, hint: str) -> GrammarError:
        """An error at this position."""
        return GrammarError(f"{self}: {what}", hint=hint, file=self.file, line=self.line)


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value of the file. Its type is checked when it is read."""

    file: str
    node: yaml.Node

    @property
    def place(self) -> SourcePosition:
        """The position where the value starts."""
        mark = self.node.start_mark
        return SourcePosition(self.file, mark.line + 1, mark.column + 1)

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
            raise self.error(f"{what} must be text, not {self._kind()}", "write it on one line, in quotes")
        return str(self.node.value)

    def choice(self, what: str, known: Collection[str]) -> str:
        """The value as one of several names, in lower case.

        Raises:
            GrammarError: it is not text, or an unknown name.
        """
        name = self.text(f"'{what}'").strip().lower()
        if name not in known:
            raise self.error(f"unknown {what} '{name}'", suggestion(name, known))
        return name

    def number(self, what: str) -> float:
        """The value as a number.

        Raises:
            GrammarError: it is not a number.
        """
        value = self.data() if isinstance(self.node, yaml.ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{what} must be a number, not {self._kind()}", "write digits, for example 10")
        return value

    def sequence(self, what: str) -> list[YamlNode]:
        """The entries of a list.

        Raises:
            GrammarError: it is not a list, or it is empty.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"{what} must be a list, not {self._kind()}", "begin each entry with '- '")
        if not self.node.value:
            raise self.error(f"{what} is empty", "add at least one entry or remove it")
        return [YamlNode(self.file, child) for child in self.node.value]

    def mapping(self, what: str, allowed: Iterable[str] | None = None) -> dict[str, YamlNode]:
        """The entries of a mapping; an empty value is an empty mapping.

        Raises:
            GrammarError: it is not a mapping, or a key is duplicate or not allowed.
        """
        if self.is_empty:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"{what} must be a mapping, not {self._kind()}", "write 'name: value' lines")
        found: dict[str, YamlNode] = {}
        for key_node, value_node in self.node.value:
            key = YamlNode(self.file, key_node)
            name = key.text(f"a key in {what}")
            if name in found:
                raise key.error(f"'{name}' appears twice in {what}", "keep one of the two")
            if name[0].isspace():
                raise key.error("this line begins with a space of another kind", "indent it with plain spaces")
            if allowed is not None and name not in (known := list(allowed)):
                raise key.error(f"{what} has no key '{name}'", suggestion(name, known))
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
            return "nothing"
        if self.is_sequence:
            return "a list"
        return "a mapping" if self.is_mapping else f"'{self.node.value}'"


def _data(item: YamlNode, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:
        raise item.error("this value is too large", "do not use aliases that repeat each other")
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


class Mistakes:
    """Gathers the mistakes of a file instead of stopping at the first."""

    def __init__(self) -> None:
        self._found: list[GrammarError] = []

    def each(self, items: Iterable[T], read: Callable[[T], R]) -> list[R]:
        """What is read from each item; items with a mistake are left out.

        Raises:
            GrammarError: there are so many mistakes that it is not worth to go on.
        """
        results: list[R] = []
        for item in items:
            try:
                results.append(read(item))
            except GrammarError as error:
                if len(self._found) < MAX_MISTAKES:  # else it comes from `tell` in an inner call
                    self._found.append(error)
                if len(self._found) == MAX_MISTAKES:
                    self.tell()
        return results

    def tell(self) -> None:
        """Raise the first mistake of the file, which holds the others, if there are any."""
        if self._found:
            first, *more = sorted(self._found, key=lambda error: error.line)
            first.more = tuple(more)
            raise first


def suggestion(name: str, known: Iterable[str]) -> str:
    """A hint for an unknown name: the closest known name, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known are: {', '.join(names[:20])}" if names else "none are defined yet"


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
        line, what = before.count(b"\n") + 1, f"the character U+{code:04X} is not allowed in YAML"
        raise SourcePosition(file, line, 1).error(what, "remove it, or save the file as plain UTF-8 text") from error
    except yaml.YAMLError as error:
        raise SourcePosition(file, 1, 1).error(f"not valid YAML: {error}", "save it as plain UTF-8 text") from error
    if node is None or node.tag == "tag:yaml.org,2002:null":
        raise SourcePosition(file, 1, 1).error("the file is empty", "begin with 'intents:' and a first intent below it")
    return YamlNode(file, node)


def _read_text(path: Path) -> str:
    try:
        return read_untrusted(path, MAX_FILE_BYTES).decode("utf-8-sig")
    except OSError as error:
        if error.errno == errno.EFBIG:
            limit_mb = MAX_FILE_BYTES // 1024**2
            raise SourcePosition(str(path), 1, 1).error(
                f"the file has more than {limit_mb} MB", "split it into several files"
            ) from error
        reason = error.strerror or str(error)
        raise GrammarError(
            f"{path}: cannot be read: {reason}", hint="check the path of the command file", file=str(path)
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourcePosition(str(path), line, 1).error("not valid UTF-8", "save the file as UTF-8") from error


def _syntax_error(file: str, text: str, error: yaml.MarkedYAMLError) -> GrammarError:
    mark = error.problem_mark or error.context_mark
    place = SourcePosition(file, 1, 1) if mark is None else SourcePosition(file, mark.line + 1, mark.column + 1)
    what = error.problem or "not valid YAML"
    if "nesting depth" in what:  # PyYAML 6.0.4 looks ahead as far as its own limit
        return place.error(*_TOO_DEEP)
    at = "" if mark is None else next(iter(text.split("\n")[mark.line : mark.line + 1]), "")[: mark.column + 1]
    if "found another document" in what:
        return place.error("a second YAML document begins here", "remove the line '---', or put it into another file")
    if "cannot start any token" in what and at.endswith("\t"):
        return place.error("a tab is used for indentation", "use spaces: YAML does not allow tabs there")
    if "cannot start any token" in what and at:
        return place.error(f"'{at[-1]}' cannot begin a value", "put the whole value in quotes")
    hint = "check indentation and quotes; a sentence with ':', '#', '{', '[', '&' or '*' at its start needs quotes"
    return place.error(f"YAML: {what}", hint)

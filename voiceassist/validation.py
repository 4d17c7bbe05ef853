"""Validates what comes from outside (settings, manifests, messages, training configs) and gathers all its problems."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any, NoReturn, TypeVar

from voiceassist.errors import VoiceAssistError

SHOWN = 20
"""More problems than this are counted, not listed."""
_SHOWN_LETTERS = 300
_MAX_PLAIN_VALUES = 5_000
_MAX_PLAIN_DEPTH = 8
_MAX_PLAIN_NUMBER = 1e15
_TYPE_NAMES: dict[Any, str] = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}

E = TypeVar("E", bound=VoiceAssistError)
T = TypeVar("T")


class Problems:
    """Reads values of an object and notes what is wrong instead of stopping at the first mistake.

    A method that finds a problem returns a harmless value of the right type; the caller must look at
    the problems before it uses what was read.

    Args:
        subject: what the problems belong to; begins the error's message. May be empty.
        hint: what the user can do.
    """

    def __init__(self, subject: str, *, hint: str) -> None:
        self._subject = subject
        self._hint = hint
        self._prefix = ""
        self._found: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, problem: str) -> None:
        """Notes a problem; what is too long to be read is cut."""
        if len(problem) > _SHOWN_LETTERS:
            problem = problem[: _SHOWN_LETTERS - 1] + "…"
        self._found.append(self._prefix + problem)

    def extend(self, problems: Sequence[str]) -> None:
        """Notes several problems."""
        for problem in problems:
            self.add(problem)

    def below(self, place: str) -> Problems:
        """The same list of problems, whose further entries name a place."""
        inner = Problems(self._subject, hint=self._hint)
        inner._found = self._found
        inner._prefix = f"{self._prefix}{place}: "
        return inner

    def error(self, kind: type[E], *, hint: str | None = None) -> E:
        """All problems as one error."""
        lines = self._found[:SHOWN]
        if len(self._found) > SHOWN:
            lines.append(f"and {len(self._found) - SHOWN} more")
        subject = f"{self._subject}: " if self._subject else ""
        return kind(subject + "; ".join(lines), hint=hint or self._hint)

    def json(self, text: str | bytes) -> dict[str, Any]:
        """A JSON object; numbers that JSON does not know (NaN, Infinity) are a problem."""
        try:
            return self.object(json.loads(text, parse_constant=refuse_constant))
        except (ValueError, RecursionError) as error:
            self.add(f"it is not valid JSON: {error}")
            return {}

    def dataclass(self, kind: type[T], raw: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a dataclass of plain values: each key is a field and each value has the field's type."""
        types_of = typing.get_type_hints(kind)
        known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
        for name, item in known.items():
            if name not in raw and item.default is MISSING and item.default_factory is MISSING:
                self.add(f"{name} is missing")
        found = {}
        for name, value in raw.items():
            if name not in known:
                self.add(f"{name!r} is unknown")
                continue
            fits, converted = _converted(value, types_of[name])
            if fits:
                found[name] = converted
            else:
                wanted = _TYPE_NAMES.get(types_of[name]) or str(types_of[name]).removeprefix("typing.")
                self.add(f"{name} is {value!r}, it must be {wanted}")
        return found

    def object(self, value: Any) -> dict[str, Any]:
        """The value itself, if it is a JSON object."""
        if isinstance(value, dict):
            return value
        self.add("is not an object")
        return {}

    def mapping(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        """A JSON object."""
        value = self._get(raw, name)
        return self.below(name).object(value) if value is not None else {}

    def plain(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        """A JSON object of finite, plain values, not deep and not many: what may be shown without looking."""
        value = self.mapping(raw, name)
        left = [_MAX_PLAIN_VALUES]
        if not _is_plain(value, left, depth=0):
            self.add(f"{name} holds too much, is nested too deeply, or has numbers that are too large")
            return {}
        return value

    def text(self, raw: dict[str, Any], name: str) -> str:
        """A printable text that is not empty."""
        value = self._get(raw, name)
        if _is_text(value):
            return str(value)
        if value is not None:
            self.add(f"{name} is not a text of one line")
        return ""

    def texts(self, raw: dict[str, Any], name: str) -> list[str]:
        """A list of texts."""
        value = self._get(raw, name)
        if isinstance(value, list) and all(_is_text(item) for item in value):
            return value
        if value is not None:
            self.add(f"{name} is not a list of texts")
        return []

    def choice(self, raw: dict[str, Any], name: str, choices: Sequence[str]) -> str:
        """One of the choices."""
        value = self.text(raw, name)
        if value and value not in choices:
            self.add(f"{name} is {value!r}, it must be one of {', '.join(choices)}")
        return value

    def integer(self, raw: dict[str, Any], name: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._get(raw, name)
        if value is None:
            return low
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(f"{name} is not a whole number")
        elif not low <= value <= high:
            self.add(f"{name} is {_short(value)}, it must be {f'from {low} to {high}' if low < high else low}")
        else:
            return value
        return low

    def number(self, raw: dict[str, Any], name: str, low: float, high: float) -> float:
        """A finite number from ``low`` to ``high``."""
        value = self._get(raw, name)
        if value is None:
            return low
        if not _is_finite(value):
            self.add(f"{name} is not a finite number")
        elif not low <= value <= high:
            self.add(f"{name} is {_short(value)}, it must be from {low:g} to {high:g}")
        else:
            return float(value)
        return low

    def numbers(self, raw: dict[str, Any], name: str, fewest: int, most: int) -> list[float]:
        """A list of finite numbers, from ``fewest`` to ``most`` of them."""
        value = self._get(raw, name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(_is_finite(item) for item in value):
            self.add(f"{name} is not a list of finite numbers")
        elif not fewest <= len(value) <= most:
            wanted = f"from {fewest} to {most}" if fewest < most else most
            self.add(f"{name} has {len(value)} numbers, it must have {wanted}")
        else:
            return [float(item) for item in value]
        return []

    def _get(self, raw: dict[str, Any], name: str) -> Any:
        value = raw.get(name)
        if value is None:
            self.add(f"{name} is missing")
        return value


def refuse_constant(name: str) -> NoReturn:
    """For ``json.loads(parse_constant=...)``: NaN and Infinity are no JSON.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is not a number")


def _converted(value: Any, kind: Any) -> tuple[bool, Any]:
    """Whether a value is of a type, and the value as that type."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return next((found for found in (_converted(value, part) for part in parts) if found[0]), (False, None))
    if origin is tuple:
        return _converted_tuple(value, parts)
    if origin is typing.Literal:
        return value in parts, value
    if kind is float:
        return _is_finite(value), float(value) if _is_finite(value) else None
    if kind is int and isinstance(value, bool):
        return False, None
    return isinstance(value, kind), value


def _converted_tuple(value: Any, parts: tuple[Any, ...]) -> tuple[bool, Any]:
    if not isinstance(value, list | tuple):
        return False, None
    if parts[1:] == (...,):
        parts = parts[:1] * len(value)
    if len(parts) != len(value):
        return False, None
    found = [_converted(item, part) for item, part in zip(value, parts, strict=True)]
    return all(fits for fits, _ in found), tuple(item for _, item in found)


def _is_plain(value: Any, left: list[int], depth: int) -> bool:
    left[0] -= 1
    if left[0] < 0 or depth > _MAX_PLAIN_DEPTH:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item, left, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_plain(item, left, depth + 1) for item in value)
    return value is None or isinstance(value, str | bool) or (_is_finite(value) and abs(value) < _MAX_PLAIN_NUMBER)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _short(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1 << 60 else "too large"

"""What a composed list is made of: how its values are said, and what the words mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Read = Callable[[Sequence[str]], Any]
"""Gives the meaning of the words of a value."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Values that are composed of words, such as durations, as templates and a reader for what was said.

    Attributes:
        templates: the ways to say a value. Everything that they allow can be read.
        rules: what the templates and the rules themselves name.
        read: gives the value of the words.
    """

    templates: tuple[str, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    read: Read = " ".join

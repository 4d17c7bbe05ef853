"""Frozen values about actions: their parameters and risk, consent to them, and their outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Risk(StrEnum):
    """The cost of an action that was not intended."""

    SAFE = "safe"
    """Nothing is lost: tell the time, open a window."""
    CHANGES = "changes"
    """Changes something that can be restored: volume, brightness."""
    DESTROYS = "destroys"
    """Loses work or cannot be restored: close, shut down. Always asked first."""


class ValueKind(StrEnum):
    """The kind of value of a parameter."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"
    KEYS = "keys, such as ctrl+c"
    TEXTS = "list of texts"
    MAPPING = "texts by name"
    ANY = "any value"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action: a slot of the sentence, or an argument of the command file.

    Attributes:
        name: of the slot or argument.
        kind: of its value.
        required: the action fails without it.
        choices: the valid texts; empty for any.
        template: ``{slot}`` in its text is replaced with the value of the slot.
        description: for people.
    """

    name: str
    kind: ValueKind = ValueKind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    template: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class ArgumentProblem:
    """What is wrong with an argument of a command file, and what to do about it.

    Attributes:
        argument: its name.
        message: what is wrong.
        hint: what to do.
        missing: the argument is sound, but this machine does not have what it names.
    """

    argument: str
    message: str
    hint: str
    missing: bool = False


def no_problems(_arguments: Mapping[str, Any]) -> Iterable[ArgumentProblem]:
    """Every value of the right kind will do."""
    return ()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """The description of an action.

    Attributes:
        name: for example ``volume.set``.
        description: what it does, one sentence.
        parameters: in order.
        risk: its cost if it was not intended.
        undo: it can be undone.
        needs: the requirements on the machine, for people; empty if it works everywhere.
        timeout_s: after this time it counts as failed.
        problems: finds what is wrong with arguments of the right kinds, before anything is run.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    risk: Risk = Risk.SAFE
    undo: bool = False
    needs: str = ""
    timeout_s: float = 15.0
    problems: Callable[[Mapping[str, Any]], Iterable[ArgumentProblem]] = no_problems


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """Something that a command file wants to do, and to which the user has to agree first.

    Attributes:
        content_hash: of all that would be done; the consent is for exactly this.
        lines: what would be done, word for word; ``{slot}`` stands for what is said.
    """

    content_hash: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """The outcome of an action.

    Attributes:
        done: the action was carried out.
        message: for the user, one sentence: ``Volume is at 40 %.``
        undo_token: opaque; the registry can undo the action with it. ``None`` if it cannot be undone.
        consent: what the user has to agree to first; ``None`` if no consent is needed.
    """

    done: bool
    message: str
    undo_token: str | None = None
    consent: ConsentRequest | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome in the NDJSON object of the command line."""
        consent = {} if self.consent is None else {"needs_consent": list(self.consent.lines)}
        return {"done": self.done, "message": self.message, **consent}

"""Installed applications, and how they are found by their spoken names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceassist.action_spec import ActionOutcome, Parameter
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

ROLES = (
    "browser", "calculator", "editor", "email", "file manager", "mail", "settings", "terminal", "text editor",
    "web browser",
)  # fmt: skip
"""Names of roles that are always understood: where it is not clear which application is meant, opening it says so."""


@dataclass(frozen=True, slots=True)
class Application:
    """A program that the user can open.

    Attributes:
        name: as the menu shows it.
        argv: the command that starts it.
        also: other names, for example ``web browser``.
        terminal: it runs in a terminal window.
        folder: its working folder.
        identity: id of its desktop entry, for example ``firefox.desktop``; empty if it has none.
    """

    name: str
    argv: tuple[str, ...]
    also: tuple[str, ...] = ()
    terminal: bool = False
    folder: Path | None = None
    identity: str = ""


def words_of(name: str) -> str:
    """A name normalized for comparison: lower-case letters and digits, single spaces."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def find_application(spoken: str, applications: Sequence[Application]) -> Application:
    """The application with a spoken name: its own name, else another name, else some words of its name.

    Raises:
        ActionError: none or several match.
    """
    wanted = words_of(spoken)
    by_name = [application for application in applications if words_of(application.name) == wanted]
    if by_name:
        return by_name[0]
    by_other_name = [application for application in applications if wanted in map(words_of, application.also)]
    by_words = [
        application
        for application in applications
        if wanted and (set(wanted.split()) <= set(words_of(application.name).split()))
    ]
    matching = by_other_name or by_words
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = ", ".join(sorted(application.name for application in matching))
        raise ActionError(
            mark("several applications match {name}: {names}", name=f"{spoken!r}", names=names),
            hint=mark("say one of these names"),
        )
    raise ActionError(
        mark("there is no application called {name}", name=f"{spoken!r}"),
        hint=mark("install it, or say its name as the menu shows it"),
    )


def application_names(applications: Iterable[Application], defaults: Mapping[str, str] | None = None) -> dict[str, str]:
    """Maps the spoken names of applications to their names in the menu; ambiguous ones are left out, except `ROLES`.

    Args:
        applications: all that are installed.
        defaults: maps each role, such as ``browser``, to the name of the user's default application for it.

    Returns:
        Normalized names (see ``words_of``), mapped to ``Application.name``.
    """
    names: dict[str, str] = {}
    roles: dict[str, set[str]] = {}
    for application in applications:
        names.setdefault(words_of(application.name), application.name)
        for role in application.also:
            roles.setdefault(words_of(role), set()).add(application.name)
    unique = {role: next(iter(with_role)) for role, with_role in roles.items() if len(with_role) == 1}
    chosen = {words_of(role): name for role, name in (defaults or {}).items()}
    known = {role: role for role in ROLES} | unique | chosen | names
    return {spoken: name for spoken, name in known.items() if spoken}


def register_open(
    registry: ActionRegistry,
    list_applications: Callable[[], Sequence[Application]],
    launch: Callable[[Application], None],
) -> None:
    """Adds ``app.open``, which starts the application ``app``."""

    def open_application(call: ActionCall) -> ActionOutcome:
        application = find_application(call.needed_text("app"), list_applications())
        launch(application)
        return ActionOutcome(True, mark("Opened {name}.", name=application.name))

    registry.register("app.open", open_application, Parameter("app"), description="Opens the application of that name.")

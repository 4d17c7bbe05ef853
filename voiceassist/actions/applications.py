"""Installed applications, and which one is meant by what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter
from voiceassist.errors import ActionError


@dataclass(frozen=True, slots=True)
class Application:
    """A program that the user can open.

    Attributes:
        name: as the menu shows it.
        argv: how it is started.
        also: what else one may call it, for example ``web browser``.
        terminal: it needs a terminal window around it.
        folder: where it wants to be started.
        identity: of its desktop entry, for example ``firefox.desktop``; empty where there is none.
    """

    name: str
    argv: tuple[str, ...]
    also: tuple[str, ...] = ()
    terminal: bool = False
    folder: Path | None = None
    identity: str = ""


def words_of(name: str) -> str:
    """A name as it is compared: small letters and digits, single spaces."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def find_application(said: str, applications: Sequence[Application]) -> Application:
    """The application that was meant: by name, else by what it is, else by some words of its name.

    Raises:
        ActionError: none or several fit.
    """
    wanted = words_of(said)
    by_name = [application for application in applications if words_of(application.name) == wanted]
    if by_name:
        return by_name[0]
    by_role = [application for application in applications if wanted in map(words_of, application.also)]
    by_words = [
        application
        for application in applications
        if wanted and (set(wanted.split()) <= set(words_of(application.name).split()))
    ]
    fitting = by_role or by_words
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(sorted(application.name for application in fitting))
        raise ActionError(f"several applications fit {said!r}: {names}", hint="say one of these names")
    raise ActionError(
        f"there is no application called {said!r}", hint="install it, or say the name that its menu shows"
    )


def application_names(applications: Iterable[Application], defaults: Mapping[str, str] | None = None) -> dict[str, str]:
    """What can be said for each application, to its menu name; what would be ambiguous is left out.

    Args:
        applications: all that are installed.
        defaults: what one calls each role, to the name of the application that the user has set for it.

    Returns:
        comparable words (see ``words_of``) to ``Application.name``.
    """
    names: dict[str, str] = {}
    roles: dict[str, set[str]] = {}
    for application in applications:
        names.setdefault(words_of(application.name), application.name)
        for role in application.also:
            roles.setdefault(words_of(role), set()).add(application.name)
    unique = {role: next(iter(meant)) for role, meant in roles.items() if len(meant) == 1}
    chosen = {words_of(role): name for role, name in (defaults or {}).items()}
    return {said: name for said, name in (unique | chosen | names).items() if said}


def register_open(
    registry: ActionRegistry,
    list_applications: Callable[[], Sequence[Application]],
    launch: Callable[[Application], None],
) -> None:
    """Adds ``app.open``, which starts the application named by the slot or argument ``app``."""

    def open_application(call: ActionCall) -> ActionOutcome:
        application = find_application(call.needed_text("app"), list_applications())
        launch(application)
        return ActionOutcome(True, f"Opened {application.name}.")

    registry.register("app.open", open_application, Parameter("app"), description="Opens the application of that name.")

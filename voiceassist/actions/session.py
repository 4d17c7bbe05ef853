"""Locking the screen, ending the session, and powering the computer off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.i18n import mark


class Session(Protocol):
    """The user's session and the machine. Every method raises ActionError if it is not possible."""

    def check(self) -> None:
        """Raises ActionError if no service of this machine can do any of it."""
        ...

    def lock(self) -> None:
        """Locks the screen."""
        ...

    def suspend(self) -> None:
        """Puts the machine to sleep."""
        ...

    def log_out(self) -> None:
        """Ends the session."""
        ...

    def power_off(self) -> None:
        """Shuts down."""
        ...

    def restart(self) -> None:
        """Shuts down and starts again."""
        ...


def register_session(registry: ActionRegistry, find_session: Callable[[], Session]) -> None:
    """Adds ``session.lock``, ``session.log_out``, ``power.suspend``, ``power.off`` and ``power.restart``."""

    def add(name: str, task: Callable[[Session], None], message: str, what: str) -> None:
        def run(_call: ActionCall) -> ActionOutcome:
            task(find_session())
            return ActionOutcome(True, message)

        risk = Risk.CHANGES if name == "session.lock" else Risk.DESTROYS
        registry.register(
            name, run, description=what, risk=risk, needs="a desktop session", check=lambda: find_session().check()
        )

    add("session.lock", lambda session: session.lock(), mark("The screen is locked."), "Locks the screen.")
    add("session.log_out", lambda session: session.log_out(), mark("Logging out."), "Ends the session.")
    add("power.suspend", lambda session: session.suspend(), mark("Good night."), "Puts the computer to sleep.")
    add("power.off", lambda session: session.power_off(), mark("Shutting down."), "Switches the computer off.")
    add(
        "power.restart",
        lambda session: session.restart(),
        mark("Restarting."),
        "Switches the computer off and on again.",
    )

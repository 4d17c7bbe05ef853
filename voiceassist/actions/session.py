"""Locking, leaving and switching off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.domain import ActionOutcome


class Session(Protocol):
    """The user's session and the machine. Every method raises ActionError where that cannot be done."""

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

    def add(name: str, task: Callable[[Session], None], message: str) -> None:
        def run(_call: ActionCall) -> ActionOutcome:
            task(find_session())
            return ActionOutcome(True, message)

        registry.register(name, run)

    add("session.lock", lambda session: session.lock(), "The screen is locked.")
    add("session.log_out", lambda session: session.log_out(), "Logging out.")
    add("power.suspend", lambda session: session.suspend(), "Good night.")
    add("power.off", lambda session: session.power_off(), "Shutting down.")
    add("power.restart", lambda session: session.restart(), "Restarting.")

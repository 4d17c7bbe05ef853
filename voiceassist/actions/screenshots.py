"""Screenshots, saved in the user's pictures folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.config.files import write_atomically
from voiceassist.errors import ActionError
from voiceassist.i18n import mark


class Camera(Protocol):
    """Takes screenshots. Every method raises ActionError if that is impossible."""

    def screen(self) -> bytes:
        """The whole screen as PNG."""
        ...

    def window(self) -> bytes:
        """The active window as PNG."""
        ...


class ScreenshotActions:
    """``screenshot.screen`` and ``screenshot.window``; undo deletes the file.

    Args:
        folder: of the screenshots.
        now: the wall clock.
    """

    def __init__(
        self,
        registry: ActionRegistry,
        find_camera: Callable[[], Camera],
        folder: Callable[[], Path],
        now: Callable[[], datetime],
    ) -> None:
        self._registry = registry
        self._folder = folder
        self._now = now

        def take_screen(_call: ActionCall) -> ActionOutcome:
            """Takes a screenshot of the whole screen."""
            return self._save(find_camera().screen())

        def take_window(_call: ActionCall) -> ActionOutcome:
            """Takes a screenshot of the active window."""
            return self._save(find_camera().window())

        details = ActionDetails(undo=True, needs="a screen that can be captured", check=find_camera, timeout_s=90.0)
        registry.register("screenshot.screen", take_screen, **details)
        registry.register("screenshot.window", take_window, **details)

    def _save(self, picture: bytes) -> ActionOutcome:
        name = f"Screenshot {self._now():%Y-%m-%d %H-%M-%S}"
        file, number = self._folder() / f"{name}.png", 1
        while file.exists():
            number += 1
            file = file.with_name(f"{name} {number}.png")
        try:
            write_atomically(file, picture)
        except OSError as error:
            raise ActionError(
                f"the screenshot cannot be saved: {error.strerror}", hint=f"check the space on disk for {file.parent}"
            ) from error

        def delete() -> str:
            try:
                file.unlink()
            except OSError as error:
                raise ActionError(
                    f"the screenshot cannot be deleted: {error.strerror}", hint=f"check the file {file}"
                ) from error
            return mark("Deleted {file}.", file=file.name)

        return ActionOutcome(True, mark("Saved {file}.", file=file), self._registry.remember(delete))

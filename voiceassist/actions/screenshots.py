"""Screenshots, saved in the user's pictures folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from voiceassist.actions.registry import ActionRegistry
from voiceassist.config.files import write_atomically
from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError


class Camera(Protocol):
    """Takes pictures of the screen. Every method raises ActionError where that cannot be done."""

    def screen(self) -> bytes:
        """The whole screen as PNG."""
        ...

    def window(self) -> bytes:
        """The window in front as PNG."""
        ...


class ScreenshotActions:
    """``screenshot.screen`` and ``screenshot.window``; undo removes the picture.

    Args:
        folder: where the pictures go.
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
        needs = "a screen that may be read"
        registry.register(
            "screenshot.screen",
            lambda _call: self._keep(find_camera().screen()),
            description="Takes a picture of the whole screen.",
            undo=True,
            needs=needs,
            check=find_camera,
            timeout_s=90.0,
        )
        registry.register(
            "screenshot.window",
            lambda _call: self._keep(find_camera().window()),
            description="Takes a picture of the window in front.",
            undo=True,
            needs=needs,
            check=find_camera,
            timeout_s=90.0,
        )

    def _keep(self, picture: bytes) -> ActionOutcome:
        file = self._free_name()
        try:
            write_atomically(file, picture)
        except OSError as error:
            raise ActionError(
                f"the screenshot cannot be saved: {error.strerror}", hint=f"see whether there is room in {file.parent}"
            ) from error
        return ActionOutcome(True, f"Saved {file}.", self._registry.remember(lambda: _remove(file)))

    def _free_name(self) -> Path:
        name = f"Screenshot {self._now():%Y-%m-%d %H-%M-%S}"
        file = self._folder() / f"{name}.png"
        number = 1
        while file.exists():
            number += 1
            file = file.with_name(f"{name} {number}.png")
        return file


def _remove(file: Path) -> str:
    try:
        file.unlink()
    except OSError as error:
        raise ActionError(f"the screenshot cannot be removed: {error.strerror}", hint=f"look at {file}") from error
    return f"Removed {file.name}."

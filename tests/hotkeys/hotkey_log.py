"""What the tests of hotkeys share: what was told, and a display."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.hotkey import HotkeyEvents


@dataclass
class HotkeyLog:
    """What a hotkey told, in order."""

    words: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, word: str) -> None:
        with self.changed:
            self.words.append(word)
            self.changed.notify_all()

    def events(self) -> HotkeyEvents:
        def failed(error: HotkeyError) -> None:
            assert error.hint
            self.tell(f"failed: {error.message}")

        return HotkeyEvents(
            press=lambda: self.tell("press"),
            release=lambda: self.tell("release"),
            ready=lambda words: self.tell(f"ready: {words}"),
            failed=failed,
        )

    def wait_for(self, *words: str) -> None:
        """Wait until exactly these words were told."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.words) >= len(words), timeout=30)
            assert self.words == list(words)

    def wait_until(self, fits: Callable[[list[str]], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: fits(self.words), timeout=30), self.words


@dataclass(frozen=True)
class Display:
    """An X server of our own."""

    name: str

    def run(self, *command: str) -> str:
        assert shutil.which(command[0]), f"{command[0]} is needed"
        done = subprocess.run(
            command, env={**os.environ, "DISPLAY": self.name}, check=True, capture_output=True, text=True, timeout=30
        )
        return done.stdout

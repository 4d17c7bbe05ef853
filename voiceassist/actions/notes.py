"""Notes: one plain Markdown file, one line a note."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.config.files import locked, read_untrusted, write_atomically
from voiceassist.domain import ActionOutcome, Parameter, Risk
from voiceassist.errors import ActionError

_MAX_FILE_BYTES = 64 << 20
_TITLE = "# Notes\n\n"
_NOTE = re.compile(r"- (\d{4}-\d\d-\d\d \d\d:\d\d) (.+)")


class NoteActions:
    """``note.add``, ``note.read`` and ``note.open``.

    Args:
        file: where the notes are; made with the first one.
        now: the wall clock.
        open_uri: opens the file in the user's editor.
    """

    def __init__(
        self, registry: ActionRegistry, file: Path, now: Callable[[], datetime], open_uri: Callable[[str], None]
    ) -> None:
        self._registry = registry
        self._file = file
        self._now = now
        self._open_uri = open_uri
        self._lock = threading.Lock()
        registry.register("note.add", self.add, Parameter("text"), risk=Risk.CHANGES, undo=True)
        registry.register("note.read", self.read)
        registry.register("note.open", self.open)

    def add(self, call: ActionCall) -> ActionOutcome:
        """Writes ``text`` below the other notes."""
        text = " ".join(call.needed_text("text").split())
        line = f"- {self._now():%Y-%m-%d %H:%M} {text}\n"
        with self._alone():
            content = self._content() or _TITLE
            joint = "" if content.endswith("\n") else "\n"
            self._write(f"{content}{joint}{line}")
        return ActionOutcome(True, f"Noted: {text}", self._registry.remember(lambda: self._remove(line, text)))

    def read(self, _call: ActionCall) -> ActionOutcome:
        """Says the last note."""
        notes = [line for line in self._content().splitlines() if line.startswith("- ")]
        if not notes:
            return ActionOutcome(True, "There are no notes.")
        written = _NOTE.fullmatch(notes[-1])
        return ActionOutcome(True, f"{written[2]} (noted {written[1]})" if written else notes[-1][2:])

    def open(self, _call: ActionCall) -> ActionOutcome:
        """Opens the notes in the user's editor."""
        with self._alone():
            if not self._file.exists():
                self._write(_TITLE)
        self._open_uri(str(self._file))
        return ActionOutcome(True, "Here are your notes.")

    def _remove(self, line: str, text: str) -> str:
        with self._alone():
            before, found, after = self._content().rpartition(line)
            if not found:
                raise ActionError("that note is not there any more", hint="the file of notes was changed since")
            self._write(before + after)
        return f"The note is gone: {text}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread and no other process writes notes meanwhile."""
        with self._lock, ExitStack() as stack:
            try:
                stack.enter_context(locked(self._file))
            except OSError as error:
                raise ActionError(
                    f"the notes cannot be written: {error.strerror}", hint=f"look at the folder of {self._file}"
                ) from error
            yield

    def _content(self) -> str:
        try:
            return read_untrusted(self._file, _MAX_FILE_BYTES).decode("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ActionError(f"the notes cannot be read: {error}", hint=f"look at {self._file}") from error

    def _write(self, content: str) -> None:
        try:
            write_atomically(self._file, content.encode("utf-8"))
        except OSError as error:
            raise ActionError(
                f"the notes cannot be written: {error.strerror}", hint=f"see whether there is room at {self._file}"
            ) from error

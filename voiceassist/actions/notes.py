"""Notes: one Markdown file, one line per note."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from voiceassist.action_spec import ActionOutcome, Parameter, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.text_file import TextFile
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

_MAX_FILE_BYTES = 64 << 20
_TITLE = "# Notes\n\n"
_NOTE = re.compile(r"- (\d{4}-\d\d-\d\d \d\d:\d\d) (.+)")


class NoteActions:
    """``note.add``, ``note.read``, ``note.remove`` and ``note.open``.

    Args:
        path: of the file of notes; created with the first one.
        now: the wall clock.
        open_uri: opens the file in the user's editor.
    """

    def __init__(
        self, registry: ActionRegistry, path: Path, now: Callable[[], datetime], open_uri: Callable[[str], None]
    ) -> None:
        self._registry = registry
        self._file = TextFile(path, "the notes", _MAX_FILE_BYTES)
        self._now = now
        self._open_uri = open_uri
        registry.register("note.add", self.add, Parameter("text"), risk=Risk.CHANGES, undo=True)
        registry.register("note.read", self.read)
        registry.register("note.remove", self.remove, risk=Risk.CHANGES, undo=True)
        registry.register("note.open", self.open)

    def add(self, call: ActionCall) -> ActionOutcome:
        """Appends ``text`` to the notes."""
        text = " ".join(call.needed_text("text").split())
        line = f"- {self._now():%Y-%m-%d %H:%M} {text}"
        self._append(line)

        def remove() -> str:
            with self._file.exclusive():
                before, found, after = self._file.read().rpartition(f"{line}\n")
                if not found:
                    raise ActionError(
                        mark("that note is not there any more"), hint=mark("the file of notes was changed since")
                    )
                self._file.write(before + after)
            return mark("The note is gone: {text}", text=text)

        return ActionOutcome(True, mark("Noted: {text}", text=text), self._registry.remember(remove))

    def read(self, _call: ActionCall) -> ActionOutcome:
        """Says the last note."""
        notes = [line for line in self._file.read().splitlines() if line.startswith("- ")]
        if not notes:
            return ActionOutcome(True, mark("There are no notes."))
        dated = _NOTE.fullmatch(notes[-1])
        if not dated:
            return ActionOutcome(True, notes[-1][2:])
        return ActionOutcome(True, mark("{text} (noted {when})", text=dated[2], when=dated[1]))

    def remove(self, _call: ActionCall) -> ActionOutcome:
        """Removes the last note."""
        with self._file.exclusive():
            lines = self._file.read().splitlines(keepends=True)
            at = next((index for index in reversed(range(len(lines))) if lines[index].startswith("- ")), None)
            if at is None:
                raise ActionError(
                    mark("there are no notes"), hint=mark("take one, for example with: take a note buy milk")
                )
            self._file.write("".join(lines[:at] + lines[at + 1 :]))
        line = lines[at].rstrip("\n")
        dated = _NOTE.fullmatch(line)
        note = dated[2] if dated else line[2:]

        def put_back() -> str:
            self._append(line)
            return mark("The note is back: {text}", text=note)

        return ActionOutcome(True, mark("The note is gone: {text}", text=note), self._registry.remember(put_back))

    def _append(self, line: str) -> None:
        with self._file.exclusive():
            content = self._file.read() or _TITLE
            newline = "" if content.endswith("\n") else "\n"
            self._file.write(f"{content}{newline}{line}\n")

    def open(self, _call: ActionCall) -> ActionOutcome:
        """Opens the notes in the user's editor."""
        with self._file.exclusive():
            if not self._file.path.exists():
                self._file.write(_TITLE)
        self._open_uri(str(self._file.path))
        return ActionOutcome(True, mark("Here are your notes."))

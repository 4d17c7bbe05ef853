"""What was said and done, kept on this computer: a file of JSON lines that only its user can read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from voiceassist.config.files import write_atomically
from voiceassist.domain import Recognition, Verdict
from voiceassist.gui.messages import is_typed, outcome_words

MAX_ENTRIES = 2_000


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One utterance.

    Attributes:
        at: date and time, ISO 8601, local.
        text: the command, or what was heard where none was understood.
        heard: what was heard, word for word.
        outcome: what was done, or why nothing was.
        understood: it was a command.
        typed: it was typed, not spoken.
        meant: what the user says that was meant.
    """

    at: str
    text: str
    heard: str
    outcome: str
    understood: bool
    typed: bool = False
    meant: str = ""

    @classmethod
    def of(cls, recognition: Recognition, *, acting: bool) -> HistoryEntry:
        """The entry of a recognition that has just been made."""
        return cls(
            at=datetime.now().astimezone().isoformat(timespec="seconds"),
            text=recognition.text,
            heard=recognition.heard,
            outcome=outcome_words(recognition, acting=acting),
            understood=recognition.decision.verdict is not Verdict.REJECT,
            typed=is_typed(recognition),
        )


class HistoryFile:
    """Reads and writes the file; whoever calls sees to it that only one thread does.

    Args:
        path: made when the first entry is written.
        max_entries: older ones are dropped when the file is read.
    """

    def __init__(self, path: Path, max_entries: int = MAX_ENTRIES) -> None:
        self._path, self._max_entries = path, max_entries

    def read(self) -> list[HistoryEntry]:
        """The entries, oldest first. Lines that cannot be understood are left out.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        entries = [entry for line in lines if (entry := _entry(line)) is not None]
        if len(entries) > self._max_entries:
            entries = entries[-self._max_entries :]
            self.write(entries)
        return entries

    def add(self, entry: HistoryEntry) -> None:
        """Add an entry at the end.

        Raises:
            OSError: the file cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(_line(entry))

    def write(self, entries: Iterable[HistoryEntry]) -> None:
        """Replace all entries.

        Raises:
            OSError: the file cannot be written.
        """
        write_atomically(self._path, "".join(map(_line, entries)).encode())

    def correct(self, entry: HistoryEntry, meant: str) -> HistoryEntry:
        """Keep what was meant by an entry, and return the new one.

        Raises:
            OSError: the file cannot be read or written.
        """
        corrected = replace(entry, meant=meant)
        self.write(corrected if known == entry else known for known in self.read())
        return corrected

    def clear(self) -> None:
        """Delete the file.

        Raises:
            OSError: it cannot be deleted.
        """
        self._path.unlink(missing_ok=True)


def _line(entry: HistoryEntry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=False) + "\n"


def _entry(line: str) -> HistoryEntry | None:
    try:
        return HistoryEntry(**json.loads(line))
    except (ValueError, TypeError):
        return None

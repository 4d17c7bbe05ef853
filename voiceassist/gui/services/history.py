"""What was said and done, kept on this computer: a file of JSON lines that only its user can read."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from voiceassist.config.files import locked, read_untrusted, write_atomically
from voiceassist.domain import Recognition, Verdict
from voiceassist.gui.messages import is_typed, outcome_words, status_words

MAX_ENTRIES = 2_000
MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One utterance.

    Attributes:
        at: date and time, ISO 8601, local.
        text: the command, or what was heard where none was understood.
        heard: what was heard, word for word.
        outcome: what was done, or why nothing was.
        understood: it was a command.
        sign: of what came of it: ``✓`` done, ``✗`` not done, ``?`` asked about, ``○`` nothing done.
        typed: it was typed, not spoken.
        meant: what the user says that was meant.
    """

    at: str
    text: str
    heard: str
    outcome: str
    understood: bool
    sign: str = ""
    typed: bool = False
    meant: str = ""

    @classmethod
    def of(cls, recognition: Recognition, *, acting: bool) -> HistoryEntry:
        """The entry of a recognition that has just been made."""
        return cls(
            at=datetime.now().astimezone().isoformat(timespec="seconds"),
            text=recognition.text,
            heard=recognition.heard,
            outcome=recognition.outcome.message if recognition.outcome else outcome_words(recognition, acting=acting),
            understood=recognition.decision.verdict is not Verdict.REJECT,
            sign=status_words(recognition)[:1],
            typed=is_typed(recognition),
        )


class HistoryFile:
    """Reads and writes the file. Several programs may do so; whoever calls sees to it that only one thread does.

    Args:
        path: made when the first entry is written.
        max_entries: older ones are dropped when the file is read.
    """

    def __init__(self, path: Path, max_entries: int = MAX_ENTRIES) -> None:
        self._path, self._max_entries = path, max_entries

    def read(self) -> list[HistoryEntry]:
        """The entries, oldest first. Lines that cannot be understood are left out.

        Raises:
            OSError: the file cannot be read, or is no regular file.
        """
        if len(entries := self._entries()) > self._max_entries:
            with locked(self._path):
                entries = self._entries()[-self._max_entries :]
                self._write(entries)
        return entries

    def add(self, entry: HistoryEntry) -> None:
        """Add an entry at the end.

        Raises:
            OSError: the file cannot be written.
        """
        with locked(self._path):
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)
            with os.fdopen(handle, "r+b", buffering=0) as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise OSError(errno.EINVAL, "it is not a regular file", str(self._path))
                # A program that was killed may have left half a line, which would swallow this one.
                size_bytes = file.seek(0, os.SEEK_END)
                file.seek(max(0, size_bytes - 1))
                is_torn = file.read(1) not in (b"\n", b"")
                file.write((b"\n" if is_torn else b"") + _line(entry).encode())

    def correct(self, entry: HistoryEntry, meant: str) -> HistoryEntry:
        """Keep what was meant by an entry, and return the new one.

        Raises:
            OSError: the file cannot be read or written.
        """
        corrected = replace(entry, meant=meant)
        with locked(self._path):
            self._write(corrected if known == entry else known for known in self._entries())
        return corrected

    def clear(self) -> None:
        """Delete the file.

        Raises:
            OSError: it cannot be deleted.
        """
        self._path.unlink(missing_ok=True)

    def _entries(self) -> list[HistoryEntry]:
        try:
            lines = read_untrusted(self._path, MAX_BYTES).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        return [entry for line in lines if (entry := _entry(line)) is not None]

    def _write(self, entries: Iterable[HistoryEntry]) -> None:
        write_atomically(self._path, "".join(map(_line, entries)).encode())


def _line(entry: HistoryEntry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=False) + "\n"


def _entry(line: str) -> HistoryEntry | None:
    try:
        entry = HistoryEntry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    kinds = {found.name: bool if found.name in ("understood", "typed") else str for found in fields(HistoryEntry)}
    return entry if all(isinstance(getattr(entry, name), kind) for name, kind in kinds.items()) else None

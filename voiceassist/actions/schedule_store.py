"""Timers, alarms and reminders in a SQLite file, so that they survive a restart and a crash."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from voiceassist.errors import ActionError

log = logging.getLogger(__name__)

Kind = Literal["timer", "alarm", "reminder"]
State = Literal["waiting", "paused"]

SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    duration_s REAL NOT NULL,
    boot_id TEXT NOT NULL,
    due_boot_s REAL NOT NULL,
    due_epoch_s REAL NOT NULL,
    due_local TEXT NOT NULL,
    repeat_days TEXT NOT NULL,
    left_s REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS stopwatch (id INTEGER PRIMARY KEY CHECK (id = 1), started_epoch_s REAL, counted_s REAL);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to ring.

    Attributes:
        number: its name in the store; 0 before it is there.
        kind: what it is.
        name: what the user calls a timer, or what a reminder is about; may be empty.
        state: waits, or is paused.
        duration_s: what a timer was set to; 0 for a time of day.
        boot_id: the run of the machine in which ``due_boot_s`` counts.
        due_boot_s: when a timer rings, by the clock that nobody sets.
        due_epoch_s: the same by the clock that survives a restart.
        due_local: when the wall clock must show what; ``None`` for a timer.
        repeat_days: the weekdays on which it rings again and again, 0 is Monday; empty for once.
        left_s: what a paused timer has left.
    """

    kind: Kind
    name: str = ""
    state: State = "waiting"
    duration_s: float = 0.0
    boot_id: str = ""
    due_boot_s: float = 0.0
    due_epoch_s: float = 0.0
    due_local: datetime | None = None
    repeat_days: tuple[int, ...] = ()
    left_s: float = 0.0
    number: int = 0


class ScheduleStore:
    """The entries on disk. Several processes may use it at once; each entry is claimed by the one that rings it.

    Every method opens the file anew: that costs a millisecond and leaves nothing to break. A file that is damaged is
    kept aside, and a new one is begun.

    Thread: any.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> Entry:
        """Keep an entry, under its number where it has one, and return it as kept."""
        values = _values(entry)
        with self._database() as database:
            number = database.execute(
                f"INSERT OR REPLACE INTO entries ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608 - names of our own columns
                tuple(values.values()),
            ).lastrowid
        return replace(entry, number=number or entry.number)

    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order in which they were made."""
        if not self._path.exists():
            return ()
        with self._database() as database:
            return tuple(map(_entry, database.execute("SELECT * FROM entries ORDER BY number").fetchall()))

    def remove(self, number: int) -> Entry | None:
        """Drop an entry and return it; ``None`` where it rang or is gone."""
        with self._database() as database:
            found = database.execute("SELECT * FROM entries WHERE number = ?", (number,)).fetchone()
            database.execute("DELETE FROM entries WHERE number = ?", (number,))
        return None if found is None else _entry(found)

    def claim(self, entry: Entry, following: datetime | None) -> bool:
        """Drop an entry that is about to ring, or let it wait for its next time, so that nobody else rings it.

        It is on disk before this returns: a crash between this and the ring loses the ring, which is a matter of
        microseconds; the other order would ring twice after a crash within the many milliseconds of writing.

        Returns:
            ``False`` where another process rings it, or it was changed meanwhile.
        """
        unchanged = "number = ? AND state = 'waiting' AND due_boot_s = ? AND due_epoch_s = ? AND due_local = ?"
        key = (entry.number, entry.due_boot_s, entry.due_epoch_s, _local_text(entry))
        with self._database() as database:
            if following is None:
                changed = database.execute(f"DELETE FROM entries WHERE {unchanged}", key)  # noqa: S608 - our own words
            else:
                statement = f"UPDATE entries SET due_local = ? WHERE {unchanged}"  # noqa: S608
                changed = database.execute(statement, (following.isoformat(), *key))
            return changed.rowcount == 1

    def stopwatch(self) -> tuple[float | None, float]:
        """When the stopwatch was last started, in seconds since 1970, or ``None``; and what it had counted before."""
        if not self._path.exists():
            return None, 0.0
        with self._database() as database:
            found = database.execute("SELECT started_epoch_s, counted_s FROM stopwatch").fetchone()
        return (None, 0.0) if found is None else (found[0], float(found[1] or 0.0))

    def set_stopwatch(self, started_epoch_s: float | None, counted_s: float) -> None:
        """Keep the stopwatch."""
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO stopwatch VALUES (1, ?, ?)", (started_epoch_s, counted_s))

    def stamp(self) -> int:
        """Changes whenever any process has changed the store."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction."""
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                database = self._open()
            except (OSError, sqlite3.Error) as error:
                raise _unusable(self._path, error) from error
            try:
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
            except sqlite3.Error as error:
                raise _unusable(self._path, error) from error
            finally:
                database.close()  # without a commit everything is as it was

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # busy, or the disk is full: nothing is damaged
                raise
            aside = self._path.with_name(f"{self._path.name}.broken")
            self._path.replace(aside)
            log.warning("%s was damaged (%s) and is kept as %s; timers begin anew", self._path, error, aside)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
            database.execute("PRAGMA synchronous = FULL")
        except BaseException:
            database.close()
            raise
        return database


def _values(entry: Entry) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": entry.kind,
        "name": entry.name,
        "state": entry.state,
        "duration_s": entry.duration_s,
        "boot_id": entry.boot_id,
        "due_boot_s": entry.due_boot_s,
        "due_epoch_s": entry.due_epoch_s,
        "due_local": _local_text(entry),
        "repeat_days": "".join(map(str, entry.repeat_days)),
        "left_s": entry.left_s,
    }
    return {"number": entry.number, **values} if entry.number else values


def _entry(row: Sequence[Any]) -> Entry:
    number, kind, name, state, duration_s, boot_id, due_boot_s, due_epoch_s, due_local, days, left_s = row
    return Entry(
        kind,
        name,
        state,
        duration_s,
        boot_id,
        due_boot_s,
        due_epoch_s,
        datetime.fromisoformat(due_local) if due_local else None,
        tuple(map(int, days)),
        left_s,
        number,
    )


def _local_text(entry: Entry) -> str:
    return "" if entry.due_local is None else entry.due_local.isoformat()


def _unusable(path: Path, error: Exception) -> ActionError:
    return ActionError(f"the timers cannot be kept: {error}", hint=f"see whether there is room, and look at {path}")

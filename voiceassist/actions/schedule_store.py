"""Timers, alarms and reminders in a SQLite file, so that they survive a restart and a crash."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from voiceassist.errors import ActionError, reason_of

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
    """A timer, alarm or reminder that has not rung yet.

    Attributes:
        kind: what it is.
        name: the user's name of a timer or alarm, or the text of a reminder; may be empty.
        state: ``waiting`` or ``paused``.
        duration_s: duration of a timer; 0 for a time of day.
        boot_id: id of the boot to which ``due_boot_s`` belongs.
        due_boot_s: when a timer rings, in seconds since boot, which setting the clock does not change.
        due_epoch_s: the same in seconds since 1970, which survive a restart.
        due_local: the local date and time at which it rings; ``None`` for a timer.
        repeat_days: the weekdays on which it repeats, 0 is Monday; empty for once.
        left_s: remaining time of a paused timer.
        number: its primary key; 0 before it is stored.
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
    """The entries on disk. Several processes may use it at once; the one that exchanges a due entry rings it.

    Every method opens the file anew: that takes a millisecond and keeps no connection that could break. A damaged file
    is renamed, and a new one is created.

    Thread: any.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> Entry:
        """Store an entry, under its number if it has one, and return it with its number."""
        values = _values(entry)
        if entry.number:
            values["number"] = entry.number
        with self._database() as database:
            number = database.execute(
                f"INSERT OR REPLACE INTO entries ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608 - names of our own columns
                tuple(values.values()),
            ).lastrowid
        return replace(entry, number=number or entry.number)

    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order in which they were created."""
        if not self._path.exists():
            return ()
        with self._database() as database:
            return tuple(map(_entry, database.execute("SELECT * FROM entries ORDER BY number").fetchall()))

    def remove(self, number: int) -> Entry | None:
        """Remove an entry and return it; ``None`` if it has rung or was removed already."""
        with self._database() as database:
            found = database.execute("SELECT * FROM entries WHERE number = ?", (number,)).fetchone()
            database.execute("DELETE FROM entries WHERE number = ?", (number,))
            return None if found is None else _entry(found)

    def exchange(self, entry: Entry, following: Entry | None) -> bool:
        """Replace an entry, or remove it, unless another thread or process has changed it meanwhile.

        The change is on disk before this returns. A due entry is exchanged before it rings: a crash in the microseconds
        between the two loses the ring; the other order would ring twice after a crash during the milliseconds of
        writing.

        Returns:
            ``False`` if the stored entry is no longer the given one.
        """
        unchanged = "number = ? AND state = ? AND due_boot_s = ? AND due_epoch_s = ? AND due_local = ?"
        key = (entry.number, entry.state, entry.due_boot_s, entry.due_epoch_s, _local_text(entry))
        with self._database() as database:
            if following is None:
                changed = database.execute(f"DELETE FROM entries WHERE {unchanged}", key)  # noqa: S608 - our own words
            else:
                values = _values(following)
                columns = ", ".join(f"{name} = ?" for name in values)
                statement = f"UPDATE entries SET {columns} WHERE {unchanged}"  # noqa: S608 - names of our own columns
                changed = database.execute(statement, (*values.values(), *key))
            return changed.rowcount == 1

    def stopwatch(self) -> tuple[float | None, float]:
        """When the running stopwatch was started, in seconds since 1970, else ``None``; and the seconds before that."""
        if not self._path.exists():
            return None, 0.0
        with self._database() as database:
            found = database.execute("SELECT started_epoch_s, counted_s FROM stopwatch").fetchone()
        return (None, 0.0) if found is None else (found[0], float(found[1] or 0.0))

    def set_stopwatch(self, started_epoch_s: float | None, counted_s: float) -> None:
        """Store the state of the stopwatch."""
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO stopwatch VALUES (1, ?, ?)", (started_epoch_s, counted_s))

    def stamp(self) -> int:
        """A number that changes when any process changes the store."""
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
            except (sqlite3.Error, ValueError, TypeError) as error:  # the latter: a row that we did not write
                raise _unusable(self._path, error) from error
            finally:
                database.close()  # without a commit nothing is changed

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # busy, or the disk is full: the file is not damaged
                raise
            renamed = self._path.with_name(f"{self._path.name}.broken")
            self._path.replace(renamed)
            log.warning("%s was damaged (%s) and renamed to %s; all timers are lost", self._path, error, renamed)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        with ExitStack() as stack:
            database = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            stack.callback(database.close)
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise ActionError(
                    f"a newer voiceassist has written {self._path}", hint="update voiceassist, or move that file away"
                )
            if version < SCHEMA_VERSION:
                database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
            database.execute("PRAGMA synchronous = FULL")
            stack.pop_all()
        return database


def _values(entry: Entry) -> dict[str, Any]:
    """The columns of an entry, without its number."""
    return {
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
    return ActionError(
        f"the timers cannot be read or saved: {reason_of(error)}", hint=f"check the space on disk and the file {path}"
    )

"""What happens when a timer rings: it is said, shown with buttons, and heard until somebody stops it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from voiceassist.actions.clocks import Clocks
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.notifications import Notifier
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.sounds import RING_S, SoundPlayer
from voiceassist.errors import ActionError

log = logging.getLogger(__name__)

SNOOZE_S = 300.0
LATE_S = 60.0
"""What rings later than this was missed, and says so."""
SILENT_AFTER_S = 3600.0
"""What was missed by more than this is only shown: nobody wants to be woken by yesterday's alarm."""


@dataclass(frozen=True, slots=True)
class _Ringing:
    entry: Entry
    end_sound: Callable[[], None]
    notification: int | None


class Ringer:
    """Rings, and knows what is ringing.

    Args:
        announce: told in a sentence what rings.
        clocks: tells when something was missed.
        player: makes it heard.
        notifier: shows it.
        snooze: has an entry ring again after so many seconds.

    Thread: any.
    """

    def __init__(
        self,
        announce: Callable[[str], None],
        clocks: Clocks,
        player: SoundPlayer,
        notifier: Notifier,
        snooze: Callable[[Entry, float], None],
    ) -> None:
        self._announce = announce
        self._clocks = clocks
        self._player = player
        self._notifier = notifier
        self._snooze = snooze
        self._lock = threading.Lock()
        self._ringing: list[_Ringing] = []

    def ring(self, entry: Entry, late_s: float) -> None:
        """Say, show and sound that an entry is due. What of it this machine cannot do is logged."""
        message = ring_message(entry)
        if late_s >= LATE_S:
            since = self._clocks.local() - timedelta(seconds=late_s)
            message = f"Missed at {since:%H:%M}, {spoken_duration(60 * round(late_s / 60))} ago: {message}"
        end_sound: Callable[[], None] = lambda: None  # noqa: E731
        notification = None
        if late_s < SILENT_AFTER_S:
            try:
                end_sound = self._player.play("ring", RING_S)
            except ActionError as error:
                log.warning("a ring cannot be heard: %s", error)
        try:
            self._announce(message)
        except Exception:
            log.exception("a ring could not be said")
        buttons = {
            "Stop": lambda: self._answer(entry.number, None),
            "Five more minutes": lambda: self._answer(entry.number, SNOOZE_S),
        }
        with self._lock:  # a button must not be answered before it is known what rings
            try:
                notification = self._notifier.show(message, "", buttons)
            except ActionError as error:
                log.info("a ring cannot be shown: %s", error)
            self._ringing.append(_Ringing(entry, end_sound, notification))

    def stop(self, kind: Kind | None = None) -> list[Entry]:
        """End all that rings, or all of a kind, and return it."""
        with self._lock:
            ended = [ringing for ringing in self._ringing if kind in (None, ringing.entry.kind)]
            self._ringing = [ringing for ringing in self._ringing if ringing not in ended]
        for ringing in ended:
            self._end(ringing)
        return [ringing.entry for ringing in ended]

    def snooze(self, after_s: float) -> list[Entry]:
        """End all that rings, to ring again later, and return it.

        Raises:
            ActionError: it cannot be kept.
        """
        ended = self.stop()
        for entry in ended:
            self._snooze(entry, after_s)
        return ended

    def _answer(self, number: int, snooze_s: float | None) -> None:
        with self._lock:
            answered = [ringing for ringing in self._ringing if ringing.entry.number == number]
            self._ringing = [ringing for ringing in self._ringing if ringing.entry.number != number]
        for ringing in answered:
            self._end(ringing)
            if snooze_s is not None:
                self._snooze(ringing.entry, snooze_s)

    def _end(self, ringing: _Ringing) -> None:
        ringing.end_sound()
        if ringing.notification is not None:
            self._notifier.dismiss(ringing.notification)


def ring_message(entry: Entry) -> str:
    """What is said when an entry rings."""
    if entry.kind == "reminder":
        return f"Reminder: {entry.name}"
    if entry.due_local is None:
        return f"The {entry.name and f'{entry.name} '}timer for {spoken_duration(entry.duration_s)} is over."
    return f"It is {entry.due_local:%H:%M}: your {entry.name and f'{entry.name} '}alarm."

"""Rings for due timers, alarms and reminders: a message, a notification with buttons, and a sound until stopped."""

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
from voiceassist.actions.timer_actions import describe
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

log = logging.getLogger(__name__)

SNOOZE_S = 300.0
LATE_S = 60.0
"""A ring that is later than this says that it was missed."""
SILENT_AFTER_S = 3600.0
"""A ring that is later than this makes no sound: nobody wants to be woken by yesterday's alarm."""


@dataclass(slots=True)
class _Ringing:
    entry: Entry
    end_sound: Callable[[], None]
    until_s: float
    """When its sound ends, in seconds since boot. Its notification stays."""
    notification: int | None = None


class Ringer:
    """Rings, and keeps what is ringing.

    Args:
        announce: called with the message of each ring.
        clocks: for the time of a missed ring.
        player: plays the sound.
        notifier: shows the notification.
        snooze: makes an entry ring again after a number of seconds.

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
        """Ring for a due entry. A sound or notification that this machine cannot give is logged."""
        message = ring_message(entry)
        if late_s >= LATE_S:
            since = self._clocks.local() - timedelta(seconds=late_s)
            ago = spoken_duration(60 * round(late_s / 60))
            message = mark("Missed at {time}, {ago} ago: {what}", time=f"{since:%H:%M}", ago=ago, what=message)
        ringing = _Ringing(entry, *self._start_sound(late_s))
        with self._lock:
            self._ringing.append(ringing)
        try:
            self._announce(message)
        except Exception:
            log.exception("a ring could not be announced")
        buttons = {
            "Stop": lambda: self._press(entry.number, None),
            "Five more minutes": lambda: self._press(entry.number, SNOOZE_S),
        }
        with self._lock:  # a button must not be handled before its notification is known
            if ringing not in self._ringing:
                return  # stopped as soon as it was announced
            try:
                ringing.notification = self._notifier.show(message, "", buttons, buttons["Stop"])
            except ActionError as error:
                log.info("a ring has no notification: %s", error)

    def _start_sound(self, late_s: float) -> tuple[Callable[[], None], float]:
        """The function that ends the sound of a ring, and when it ends by itself, in seconds since boot."""
        if late_s >= SILENT_AFTER_S:
            return lambda: None, 0.0
        until_s = self._clocks.boot_s() + RING_S
        try:
            return self._player.play("ring", RING_S), until_s
        except ActionError as error:
            log.warning("a ring has no sound: %s", error)
            return lambda: None, until_s

    def stop(self, kind: Kind | None = None) -> list[Entry]:
        """Stop everything that rings or shows its notification, or everything of a kind, and return it.

        Of a kind only what still sounds is returned: hours later, "cancel the timer" means one that runs.
        """
        now_s = self._clocks.boot_s()
        with self._lock:
            ended = [ringing for ringing in self._ringing if kind in (None, ringing.entry.kind)]
            self._ringing = [ringing for ringing in self._ringing if ringing not in ended]
        for ringing in ended:
            self._end(ringing)
        return [ringing.entry for ringing in ended if kind is None or ringing.until_s > now_s]

    def snooze(self, after_s: float) -> list[Entry]:
        """Stop everything that rings, to ring again later, and return it.

        Raises:
            ActionError: the later ring cannot be stored.
        """
        ended = self.stop()
        for entry in ended:
            self._snooze(entry, after_s)
        return ended

    def _press(self, number: int, snooze_s: float | None) -> None:
        with self._lock:
            pressed = [ringing for ringing in self._ringing if ringing.entry.number == number]
            self._ringing = [ringing for ringing in self._ringing if ringing.entry.number != number]
        for ringing in pressed:
            self._end(ringing)
            if snooze_s is not None:
                self._snooze(ringing.entry, snooze_s)

    def _end(self, ringing: _Ringing) -> None:
        ringing.end_sound()
        if ringing.notification is not None:
            self._notifier.dismiss(ringing.notification)


def ring_message(entry: Entry) -> str:
    """The message when an entry rings."""
    if entry.kind == "reminder":
        return mark("Reminder: {text}", text=entry.name)
    if entry.due_local is None:
        return mark("{timer} is over.", timer=describe(entry))
    words = mark("It is {time}: your {name} alarm.") if entry.name else mark("It is {time}: your alarm.")
    return mark(words, time=f"{entry.due_local:%H:%M}", name=entry.name)

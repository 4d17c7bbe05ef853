"""Properties of microphones that only the PulseAudio or PipeWire server knows, not PortAudio.

PortAudio sees one device, whatever is plugged in. The server knows which microphone is behind it, whether
that is muted, and whether a headset is in its hands-free profile.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_TELEPHONE_PROFILES = ("headset", "handsfree", "hands-free", "hfp", "hsp")
_TELEPHONE_HZ = 16_000
_NAME = "voiceassist"
_EVERY_S = 0.5
_END_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Source:
    """A microphone of the sound server.

    Attributes:
        name: the server's own name, which stays the same when it is plugged in again.
        description: the name shown to the user.
        rate_hz: its own rate.
        channels: how many it has.
        is_monitor: it records the output of a loudspeaker.
        muted: the server delivers silence in its place.
        hands_free: a Bluetooth headset in its hands-free profile.
    """

    name: str
    description: str
    rate_hz: int
    channels: int
    is_monitor: bool = False
    muted: bool = False
    hands_free: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The server's microphones at one moment.

    Attributes:
        known: all of them.
        default: name of the system's default.
        ours: names of those that this process records from.
    """

    known: tuple[Source, ...] = ()
    default: str | None = None
    ours: frozenset[str] = frozenset()

    def find(self, name: str | None) -> Source | None:
        """The microphone of that name."""
        return next((source for source in self.known if source.name == name), None)


def ask_sources() -> Sources | None:
    """The microphones of the sound server; ``None`` where there is none or it does not answer.

    Thread: any.
    """
    with _connected() as pulse:
        return None if pulse is None else _ask(pulse)


class SourceWatch:
    """Asks the sound server on a thread of its own, since it may answer late or never, and again after each change.

    Where there is no such server, ``latest`` stays ``None``, and the watch looks for one twice a second.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._latest: Sources | None = None

    @property
    def latest(self) -> Sources | None:
        """The most recent answer. Thread: any."""
        return self._latest

    def start(self) -> None:
        """Start the thread."""
        if _pulse_possible() and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="voiceassist-sources", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop; does not wait for a server that hangs. May be called again."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_END_TIMEOUT_S)

    def _work(self) -> None:
        while not self._stop.is_set():
            with _connected() as pulse:
                if pulse is not None:
                    self._follow(pulse)
            self._latest = None
            self._stop.wait(_EVERY_S)

    def _follow(self, pulse: Any) -> None:
        """Ask now and after each change, until the watch is to stop."""
        changes: list[object] = []

        def note(event: object) -> None:
            changes.append(event)
            pulse.event_listen_stop()

        pulse.event_callback_set(note)
        pulse.event_mask_set("server", "source", "source_output")
        while not self._stop.is_set():
            changes.clear()
            self._latest = _ask(pulse)
            while not changes and not self._stop.is_set():
                pulse.event_listen(timeout=_EVERY_S)


def _pulse_possible() -> bool:
    return sys.platform.startswith("linux")


@contextmanager
def _connected() -> Iterator[Any]:
    """A connection, or ``None``; one that breaks while it is used ends the block quietly."""
    if not _pulse_possible():
        yield None
        return
    try:
        import pulsectl  # noqa: PLC0415 - it needs libpulse, which not every machine has
    except OSError:
        yield None
        return
    pulse = pulsectl.Pulse(_NAME, connect=False)
    try:
        pulse.connect(autospawn=False)
    except pulsectl.PulseError:
        pulse.close()
        yield None
        return
    try:
        with contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected):
            yield pulse
    finally:
        pulse.close()


def _ask(pulse: Any) -> Sources:
    outputs = pulse.source_output_list()
    own = {output.source for output in outputs if output.proplist.get("application.process.id") == str(os.getpid())}
    infos = pulse.source_list()
    known = (
        Source(
            name=info.name,
            description=info.description or info.name,
            rate_hz=int(info.sample_spec.rate),
            channels=int(info.channel_count),
            is_monitor=info.monitor_of_sink_name is not None,
            muted=bool(info.mute),
            hands_free=speaks_like_a_telephone(info.proplist, int(info.sample_spec.rate)),
        )
        for info in infos
    )
    ours = frozenset(info.name for info in infos if info.index in own)
    return Sources(tuple(known), pulse.server_info().default_source_name, ours)


def speaks_like_a_telephone(properties: dict[str, str], rate_hz: int) -> bool:
    """Whether the server's properties of a microphone are those of a headset's hands-free profile."""
    if properties.get("device.bus") != "bluetooth" and "bluez" not in properties.get("device.api", ""):
        return False
    profile = " ".join(properties.get(key, "") for key in ("bluetooth.protocol", "api.bluez5.profile"))
    return rate_hz <= _TELEPHONE_HZ or any(part in profile.lower() for part in _TELEPHONE_PROFILES)

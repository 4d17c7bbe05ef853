"""Media players on D-Bus.

Source: MPRIS D-Bus Interface Specification 2.2 (freedesktop.org).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from voiceassist.actions.media import PlayerCommand, PlayerState, PlayingTrack
from voiceassist.desktop.bus import Bus, BusError
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

_PREFIX = "org.mpris.MediaPlayer2."
_PROXIES = {"org.mpris.MediaPlayer2.playerctld"}
_PATH = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_CLOSED = {
    f"org.freedesktop.DBus.Error.{name}" for name in ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected")
}
_ORDER = ("playing", "paused", "stopped")


@dataclass(frozen=True, slots=True)
class MprisPlayer:
    """A player, identified by its bus name. Each method opens a connection of its own; the player may have been closed.

    Attributes:
        service: its name on the bus.
        name: the name shown to the user.
    """

    service: str
    name: str

    @classmethod
    def of_session(cls) -> MprisPlayer:
        """The player that plays, else one that is paused, else any.

        Raises:
            ActionError: no player is open.
        """
        with Bus("session") as bus:
            services = sorted(name for name in bus.names() if name.startswith(_PREFIX) and name not in _PROXIES)
            found = [(state, service) for service in services if (state := _state(bus, service)) is not None]
            if not found:
                raise ActionError(mark("no music or video player is open"), hint=mark("open one and start something"))
            _state_name, service = min(found, key=lambda player: _ORDER.index(player[0]))
            try:
                name = str(bus.get(service, _PATH, "org.mpris.MediaPlayer2", "Identity"))
            except BusError:
                name = service.removeprefix(_PREFIX).partition(".")[0].capitalize()
            return cls(service, name)

    def state(self) -> PlayerState:
        """The playback state."""
        with self._connected() as bus:
            return _state(bus, self.service) or "stopped"

    def send(self, command: PlayerCommand) -> None:
        """Sends a playback command.

        Raises:
            ActionError: the player does not accept the command now.
        """
        with self._connected() as bus:
            allowed = {"next": "CanGoNext", "previous": "CanGoPrevious", "play": "CanPlay", "pause": "CanPause"}
            if command in allowed and not bus.get(self.service, _PATH, _PLAYER, allowed[command]):
                raise ActionError(
                    mark("{player} cannot do that now", player=self.name),
                    hint=mark("it may be at the end of its playlist"),
                )
            bus.call(self.service, _PATH, f"{_PLAYER}.{command.capitalize()}")

    def track(self) -> PlayingTrack:
        """The current track."""
        with self._connected() as bus:
            metadata = bus.get(self.service, _PATH, _PLAYER, "Metadata")
        title = metadata.get("xesam:title", ("s", ""))[1]
        artists = metadata.get("xesam:artist", ("as", []))[1]
        # The specification says a list of artists; some players send one text.
        return PlayingTrack(str(title), ", ".join(map(str, artists)) if isinstance(artists, list) else str(artists))

    def seek(self, offset_s: float) -> None:
        """Moves within the track."""
        with self._connected() as bus:
            bus.call(self.service, _PATH, f"{_PLAYER}.Seek", "x", (round(offset_s * 1_000_000),))

    def shuffle(self) -> bool:
        """Whether shuffle is on.

        Raises:
            ActionError: this player does not support shuffle.
        """
        with self._connected() as bus:
            try:
                return bool(bus.get(self.service, _PATH, _PLAYER, "Shuffle"))
            except BusError as error:
                if self.service not in bus.names():
                    raise
                raise ActionError(f"{self.name} has no shuffle", hint="use another player") from error

    def set_shuffle(self, on: bool) -> None:
        """Turns shuffle on or off."""
        with self._connected() as bus:
            bus.set(self.service, _PATH, _PLAYER, "Shuffle", ("b", on))

    @contextmanager
    def _connected(self) -> Iterator[Bus]:
        with Bus("session") as bus:
            try:
                yield bus
            except BusError as error:
                if error.name in _CLOSED:
                    raise ActionError(f"{self.name} has been closed", hint="open it again") from error
                raise


def _state(bus: Bus, service: str) -> PlayerState | None:
    """The playback state of a player; ``None`` if it does not answer."""
    try:
        state = str(bus.get(service, _PATH, _PLAYER, "PlaybackStatus")).lower()
    except BusError:
        return None
    return cast("PlayerState", state) if state in _ORDER else None

"""Playback control of the media player in use."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

MAX_SEEK_S = 24 * 3600.0

PlayerState = Literal["playing", "paused", "stopped", "unknown"]
PlayerCommand = Literal["play", "pause", "next", "previous", "stop"]


@dataclass(frozen=True, slots=True)
class PlayingTrack:
    """The current track; empty if the player does not report it."""

    title: str
    artist: str = ""


class Player(Protocol):
    """A media player. Every method raises ActionError if the player does not answer or does not support it."""

    @property
    def name(self) -> str:
        """The name shown to the user."""
        ...

    def state(self) -> PlayerState:
        """The playback state."""
        ...

    def send(self, command: PlayerCommand) -> None:
        """Sends a playback command."""
        ...

    def track(self) -> PlayingTrack:
        """The current track."""
        ...

    def seek(self, offset_s: float) -> None:
        """Moves within the track."""
        ...

    def shuffle(self) -> bool:
        """Whether shuffle is on."""
        ...

    def set_shuffle(self, on: bool) -> None:
        """Turns shuffle on or off."""
        ...


class MediaActions:
    """``media.*``, for the player that plays, else one that is paused."""

    def __init__(self, registry: ActionRegistry, find_player: Callable[[], Player]) -> None:
        self._registry = registry
        self._find_player = find_player
        needs = "an open player"
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs=needs, check=find_player)
        registry.register("media.play", self.play, **details)
        registry.register("media.pause", self.pause, **details)
        registry.register("media.stop", self.stop, risk=Risk.CHANGES, needs=needs, check=find_player)
        registry.register("media.next", self.next, **details)
        registry.register("media.previous", self.previous, **details)
        offset = Parameter("offset_s", ValueKind.NUMBER, description="seconds forward, or back if negative")
        size = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds, instead of offset_s")
        registry.register("media.seek", self.seek, offset, size, **details)
        registry.register("media.shuffle", self.shuffle, Parameter("on", ValueKind.FLAG, required=False), **details)
        registry.register("media.what", self.what, needs=needs, check=find_player)

    def play(self, _call: ActionCall) -> ActionOutcome:
        """Starts or resumes playback."""
        player = self._find_player()
        if player.state() == "playing":
            return ActionOutcome(True, mark("{player} is playing already.", player=player.name))
        player.send("play")
        return self._done(mark("{player} plays.", player=player.name), player, "pause")

    def pause(self, _call: ActionCall) -> ActionOutcome:
        """Pauses playback."""
        player = self._find_player()
        if player.state() in {"paused", "stopped"}:
            return ActionOutcome(True, mark("Nothing is playing."))
        player.send("pause")
        return self._done(mark("{player} is paused.", player=player.name), player, "play")

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Stops playback."""
        player = self._find_player()
        player.send("stop")
        return ActionOutcome(True, mark("{player} is stopped.", player=player.name))

    def next(self, _call: ActionCall) -> ActionOutcome:
        """Skips to the next track."""
        player = self._find_player()
        player.send("next")
        return self._done(mark("The next track."), player, "previous")

    def previous(self, _call: ActionCall) -> ActionOutcome:
        """Goes back to the previous track."""
        player = self._find_player()
        player.send("previous")
        return self._done(mark("The previous track."), player, "next")

    def seek(self, call: ActionCall) -> ActionOutcome:
        """Seeks by ``offset_s``; a slot ``duration`` gives its size, as in "skip ahead thirty seconds"."""
        offset_s = call.needed_number("offset_s")
        size_s = call.number("duration")
        if size_s is not None:
            offset_s = math.copysign(size_s, offset_s)
        if abs(offset_s) > MAX_SEEK_S:
            raise call.nonsense("offset_s" if size_s is None else "duration", "at most 24 hours")
        player = self._find_player()
        player.seek(offset_s)

        def put_back() -> str:
            player.seek(-offset_s)
            return mark("{player} is back at the same position.", player=player.name)

        words = mark("{seconds} seconds ahead.") if offset_s > 0 else mark("{seconds} seconds back.")
        done = mark(words, seconds=f"{abs(offset_s):g}")
        return ActionOutcome(True, done, self._registry.remember(put_back))

    def shuffle(self, call: ActionCall) -> ActionOutcome:
        """Turns shuffle on, or off with ``on: false``."""
        wanted = call.flag("on")
        wanted = True if wanted is None else wanted
        player = self._find_player()
        before = player.shuffle()
        player.set_shuffle(wanted)

        def put_back() -> str:
            player.set_shuffle(before)
            return mark("Shuffle is on again.") if before else mark("Shuffle is off again.")

        done = mark("Shuffle is on.") if wanted else mark("Shuffle is off.")
        return ActionOutcome(True, done, self._registry.remember(put_back))

    def what(self, _call: ActionCall) -> ActionOutcome:
        """Says which track is playing."""
        player = self._find_player()
        track = player.track()
        if player.state() == "stopped":
            return ActionOutcome(True, mark("Nothing is playing."))
        if not track.title:
            raise ActionError(
                mark("{player} does not report the track", player=player.name), hint=mark("look at its window")
            )
        by = mark("{title} by {artist}.", title=track.title, artist=track.artist)
        return ActionOutcome(True, by if track.artist else f"{track.title}.")

    def _done(self, message: str, player: Player, back: PlayerCommand) -> ActionOutcome:
        def put_back() -> str:
            player.send(back)
            return mark("{name} is as it was.", name=player.name)

        return ActionOutcome(True, message, self._registry.remember(put_back))

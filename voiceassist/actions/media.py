"""Playback control of the media player in use."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.errors import ActionError

PlayerState = Literal["playing", "paused", "stopped", "unknown"]
PlayerCommand = Literal["play", "pause", "next", "previous", "stop"]


@dataclass(frozen=True, slots=True)
class PlayingTrack:
    """What is played. Empty where the player does not say."""

    title: str
    artist: str = ""


class Player(Protocol):
    """A media player. Every method raises ActionError where it does not answer or cannot do it."""

    @property
    def name(self) -> str:
        """As the user knows it."""
        ...

    def state(self) -> PlayerState:
        """What it does now."""
        ...

    def send(self, command: PlayerCommand) -> None:
        """Tells it what to do."""
        ...

    def track(self) -> PlayingTrack:
        """What is played."""
        ...

    def seek(self, offset_s: float) -> None:
        """Moves within the track."""
        ...

    def shuffle(self) -> bool:
        """Whether the order is random."""
        ...

    def set_shuffle(self, on: bool) -> None:
        """Plays in random order, or not."""
        ...


class MediaActions:
    """``media.*``, on the player that plays, else the one that is paused."""

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
        offset = Parameter("offset_s", ValueKind.NUMBER, description="seconds ahead or, below 0, back")
        size = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds, instead of offset_s")
        registry.register("media.seek", self.seek, offset, size, **details)
        registry.register("media.shuffle", self.shuffle, Parameter("on", ValueKind.FLAG, required=False), **details)
        registry.register("media.what", self.what, needs=needs, check=find_player)

    def play(self, _call: ActionCall) -> ActionOutcome:
        """Goes on playing."""
        player = self._find_player()
        if player.state() == "playing":
            return ActionOutcome(True, f"{player.name} is playing already.")
        player.send("play")
        return self._done(f"{player.name} plays.", player, "pause")

    def pause(self, _call: ActionCall) -> ActionOutcome:
        """Pauses what plays."""
        player = self._find_player()
        if player.state() in {"paused", "stopped"}:
            return ActionOutcome(True, "Nothing is playing.")
        player.send("pause")
        return self._done(f"{player.name} is paused.", player, "play")

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Stops it."""
        player = self._find_player()
        player.send("stop")
        return ActionOutcome(True, f"{player.name} is stopped.")

    def next(self, _call: ActionCall) -> ActionOutcome:
        """Goes to the next track."""
        player = self._find_player()
        player.send("next")
        return self._done("On to the next one.", player, "previous")

    def previous(self, _call: ActionCall) -> ActionOutcome:
        """Goes to the track before."""
        player = self._find_player()
        player.send("previous")
        return self._done("Back to the one before.", player, "next")

    def seek(self, call: ActionCall) -> ActionOutcome:
        """Moves by ``offset_s``; a slot ``duration`` gives its size, as in "skip ahead thirty seconds"."""
        offset_s = call.needed_number("offset_s")
        size_s = call.number("duration")
        if size_s is not None:
            offset_s = math.copysign(size_s, offset_s)
        player = self._find_player()
        player.seek(offset_s)

        def put_back() -> str:
            player.seek(-offset_s)
            return f"{player.name} is where it was."

        where = "ahead" if offset_s > 0 else "back"
        return ActionOutcome(True, f"{abs(offset_s):g} seconds {where}.", self._registry.remember(put_back))

    def shuffle(self, call: ActionCall) -> ActionOutcome:
        """Plays in random order, or with ``on: false`` in the usual one."""
        wanted = call.flag("on")
        wanted = True if wanted is None else wanted
        player = self._find_player()
        before = player.shuffle()
        player.set_shuffle(wanted)

        def put_back() -> str:
            player.set_shuffle(before)
            return f"Shuffle is {_on_or_off(before)} again."

        return ActionOutcome(True, f"Shuffle is {_on_or_off(wanted)}.", self._registry.remember(put_back))

    def what(self, _call: ActionCall) -> ActionOutcome:
        """Says what is played."""
        player = self._find_player()
        track = player.track()
        if player.state() == "stopped":
            return ActionOutcome(True, "Nothing is playing.")
        if not track.title:
            raise ActionError(f"{player.name} does not say what it plays", hint="look at its window")
        return ActionOutcome(True, f"{track.title} by {track.artist}." if track.artist else f"{track.title}.")

    def _done(self, message: str, player: Player, back: PlayerCommand) -> ActionOutcome:
        def put_back() -> str:
            player.send(back)
            return f"{player.name} is as it was."

        return ActionOutcome(True, message, self._registry.remember(put_back))


def _on_or_off(on: bool) -> str:
    return "on" if on else "off"

"""Sound volume and mute."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import CHANGE_BY_PERCENT, ActionDetails, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind


@dataclass(frozen=True, slots=True)
class Level:
    """How loud an output is.

    Attributes:
        percent: of the loudest that is not amplified.
        muted: it is silent whatever the percentage.
        raw: the mixer's own values, to put it back exactly.
    """

    percent: int
    muted: bool
    raw: tuple[str, ...] = ()


class Mixer(Protocol):
    """One sound output. Every method raises ActionError where it does not answer."""

    def level(self) -> Level:
        """How it is set now."""
        ...

    def set_percent(self, percent: int) -> None:
        """Sets the volume of all channels."""
        ...

    def set_muted(self, muted: bool) -> None:
        """Silences it, or lets it sound."""
        ...

    def restore(self, level: Level) -> None:
        """Puts back an earlier level exactly."""
        ...


class VolumeActions:
    """``volume.set``, ``volume.change`` and ``volume.mute``, each with its way back."""

    def __init__(self, registry: ActionRegistry, find_mixer: Callable[[], Mixer]) -> None:
        self._registry = registry
        self._find_mixer = find_mixer
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a sound output", check=find_mixer)
        registry.register("volume.set", self.set, Parameter("percent", ValueKind.NUMBER), **details)
        registry.register("volume.change", self.change, *CHANGE_BY_PERCENT, **details)
        registry.register("volume.mute", self.mute, Parameter("muted", ValueKind.FLAG, required=False), **details)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets the volume to ``percent``, brought into 0 to 100."""
        percent = round(min(100.0, max(0.0, call.needed_number("percent"))))
        mixer = self._find_mixer()
        before = mixer.level()
        mixer.set_percent(percent)
        return self._done(mixer, before)

    def change(self, call: ActionCall) -> ActionOutcome:
        """Moves the volume by ``delta_percent``; a slot ``percent`` gives its size, as in "down by five percent"."""
        delta = call.needed_number("delta_percent")
        size = call.number("percent")
        if size is not None:
            delta = math.copysign(size, delta)
        mixer = self._find_mixer()
        before = mixer.level()
        # An output that is amplified already must not drop because it was told to rise.
        loudest = max(100, before.percent)
        mixer.set_percent(round(min(loudest, max(0.0, before.percent + delta))))
        return self._done(mixer, before)

    def mute(self, call: ActionCall) -> ActionOutcome:
        """Silences the output, or with ``muted: false`` lets it sound again."""
        muted = call.flag("muted")
        mixer = self._find_mixer()
        before = mixer.level()
        mixer.set_muted(True if muted is None else muted)
        return self._done(mixer, before)

    def _done(self, mixer: Mixer, before: Level) -> ActionOutcome:
        def put_back() -> str:
            mixer.restore(before)
            return f"{describe(before)[:-1]} again."

        return ActionOutcome(True, describe(mixer.level()), self._registry.remember(put_back))


def describe(level: Level) -> str:
    """The level in one sentence."""
    return f"The sound is off, volume is at {level.percent} %." if level.muted else f"Volume is at {level.percent} %."

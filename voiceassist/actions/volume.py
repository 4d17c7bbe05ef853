"""Sound volume and mute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import CHANGE_BY_PERCENT, ActionDetails, ActionRegistry
from voiceassist.i18n import mark


@dataclass(frozen=True, slots=True)
class Level:
    """The volume of an output.

    Attributes:
        percent: of the maximum without amplification.
        muted: it is silent whatever the percentage.
        raw: the values of the mixer, to restore them exactly.
    """

    percent: int
    muted: bool
    raw: tuple[str, ...] = ()


class Mixer(Protocol):
    """A sound output. Every method raises ActionError if it does not answer."""

    def level(self) -> Level:
        """The current volume."""
        ...

    def set_percent(self, percent: int) -> None:
        """Sets the volume of all channels."""
        ...

    def set_muted(self, muted: bool) -> None:
        """Mutes or unmutes it."""
        ...

    def restore(self, level: Level) -> None:
        """Restores an earlier level exactly."""
        ...


class VolumeActions:
    """``volume.*``; each change can be undone."""

    def __init__(self, registry: ActionRegistry, find_mixer: Callable[[], Mixer]) -> None:
        self._registry = registry
        self._find_mixer = find_mixer
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a sound output", check=find_mixer)
        registry.register("volume.set", self.set, Parameter("percent", ValueKind.NUMBER), **details)
        registry.register("volume.change", self.change, *CHANGE_BY_PERCENT, **details)
        registry.register("volume.level", self.level, needs="a sound output", check=find_mixer)
        registry.register("volume.mute", self.mute, Parameter("muted", ValueKind.FLAG, required=False), **details)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets the volume to ``percent``, limited to 0 to 100."""
        percent = round(min(100.0, max(0.0, call.needed_number("percent"))))
        mixer = self._find_mixer()
        before = mixer.level()
        mixer.set_percent(percent)
        return self._done(mixer, before)

    def change(self, call: ActionCall) -> ActionOutcome:
        """Changes the volume by ``delta_percent``; a slot ``percent`` gives the amount, as in "down by five"."""
        mixer = self._find_mixer()
        before = mixer.level()
        # An amplified output must not become quieter when it is turned up.
        loudest = max(100, before.percent)
        mixer.set_percent(round(min(loudest, max(0.0, call.changed_percent(before.percent)))))
        return self._done(mixer, before)

    def level(self, _call: ActionCall) -> ActionOutcome:
        """Says how loud it is set."""
        return ActionOutcome(True, describe(self._find_mixer().level()))

    def mute(self, call: ActionCall) -> ActionOutcome:
        """Mutes the output, or unmutes it with ``muted: false``."""
        muted = call.flag("muted")
        mixer = self._find_mixer()
        before = mixer.level()
        mixer.set_muted(True if muted is None else muted)
        return self._done(mixer, before)

    def _done(self, mixer: Mixer, before: Level) -> ActionOutcome:
        def put_back() -> str:
            mixer.restore(before)
            if before.muted:
                return mark("The sound is off, volume is at {percent} % again.", percent=before.percent)
            return mark("Volume is at {percent} % again.", percent=before.percent)

        return ActionOutcome(True, describe(mixer.level()), self._registry.remember(put_back))


def describe(level: Level) -> str:
    """The level in one sentence."""
    if level.muted:
        return mark("The sound is off, volume is at {percent} %.", percent=level.percent)
    return mark("Volume is at {percent} %.", percent=level.percent)

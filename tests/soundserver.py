"""The private sound server, and what else tests do with it: plug microphones in, and look at the speakers."""

from __future__ import annotations

import re

from voiceassist.lab import sound_server
from voiceassist.lab.sound_server import MICROPHONE, SPEAKERS

__all__ = ["MICROPHONE", "SPEAKERS", "SoundServer"]


class SoundServer(sound_server.SoundServer):
    """As for measurements, with more to be done to it."""

    def plug_in(self, name: str, description: str, *, rate_hz: int = 48_000, properties: str = "") -> int:
        """Adds a microphone that records the sink of its name. Returns the number for `unplug`."""
        sink = f"{name}_sink"
        number = int(
            self.pactl("load-module", "module-null-sink", f"sink_name={sink}", f"rate={rate_hz}", "channels=1")
        )
        words = f"device.description='{description}' {properties}"
        self.pactl(
            "load-module",
            "module-remap-source",
            f"master={sink}.monitor",
            f"source_name={name}",
            f"rate={rate_hz}",
            f'source_properties="{words}"',
        )
        return number

    def unplug(self, number: int) -> None:
        """Removes a microphone, even while it is in use."""
        self.pactl("unload-module", str(number))

    def volume_percent(self) -> int:
        """The volume of the speakers as other programs see it."""
        answer = self.pactl("get-sink-volume", SPEAKERS)
        found = re.search(r"(\d+)%", answer)
        if found is None:
            raise RuntimeError(f"no volume in {answer!r}")
        return int(found[1])

    def muted(self) -> bool:
        """Whether the speakers are muted."""
        return "yes" in self.pactl("get-sink-mute", SPEAKERS)

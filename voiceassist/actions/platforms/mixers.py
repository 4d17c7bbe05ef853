"""The sound outputs of Linux: PulseAudio, and PipeWire through ``pactl`` or ``wpctl``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from voiceassist.actions.process import last_line, run_tool
from voiceassist.actions.volume import Level, Mixer
from voiceassist.errors import ActionError


def find_mixer() -> Mixer:
    """The default output of the running sound server.

    Raises:
        ActionError: no sound server answers.
    """
    finders: tuple[Callable[[], Mixer], ...] = (PactlMixer.of_default_sink, WpctlMixer.of_default_sink)
    problems = []
    for find in finders:
        try:
            return find()
        except ActionError as error:
            problems.append(error.message)
    raise ActionError(
        f"no sound server answers ({'; '.join(problems)})",
        hint="start PipeWire or PulseAudio; pactl comes with the package pulseaudio-utils",
    )


@dataclass(frozen=True, slots=True)
class PactlMixer:
    """A sink of PulseAudio, or of PipeWire through its PulseAudio interface."""

    sink: str

    @classmethod
    def of_default_sink(cls) -> PactlMixer:
        """The default sink by its name, so that undo affects the same sink after the default has changed.

        Raises:
            ActionError: no server answers, or it has no output.
        """
        named = re.search(r"^Default Sink: (\S+)$", run_tool(["pactl", "info"]), re.MULTILINE)
        if named is None:
            raise ActionError("the sound server has no output", hint="connect loudspeakers or headphones")
        mixer = cls(named[1])
        mixer.level()
        return mixer

    def level(self) -> Level:
        volume = run_tool(["pactl", "get-sink-volume", self.sink])
        channels = re.findall(r":\s*(\d+)\s*/\s*(\d+)%", volume)
        if not channels:
            raise ActionError(f"the answer of pactl has no volume: {last_line(volume)}", hint="try again")
        muted = run_tool(["pactl", "get-sink-mute", self.sink]).strip().endswith("yes")
        percent = max(int(percent) for _raw, percent in channels)
        return Level(percent, muted, tuple(raw for raw, _percent in channels))

    def set_percent(self, percent: int) -> None:
        run_tool(["pactl", "set-sink-volume", self.sink, f"{percent}%"])

    def set_muted(self, muted: bool) -> None:
        run_tool(["pactl", "set-sink-mute", self.sink, "1" if muted else "0"])

    def restore(self, level: Level) -> None:
        run_tool(["pactl", "set-sink-volume", self.sink, *level.raw])
        self.set_muted(level.muted)


@dataclass(frozen=True, slots=True)
class WpctlMixer:
    """The default sink of PipeWire through WirePlumber."""

    sink: str = "@DEFAULT_AUDIO_SINK@"

    @classmethod
    def of_default_sink(cls) -> WpctlMixer:
        """The default sink by its number, so that undo affects the same sink.

        Raises:
            ActionError: WirePlumber does not answer, or has no output.
        """
        numbered = re.search(r"^id (\d+),", run_tool(["wpctl", "inspect", cls().sink]), re.MULTILINE)
        mixer = cls(numbered[1]) if numbered else cls()
        mixer.level()
        return mixer

    def level(self) -> Level:
        answer = run_tool(["wpctl", "get-volume", self.sink])
        volume = re.search(r"Volume:\s*([\d.]+)", answer)
        if volume is None:
            raise ActionError(f"the answer of wpctl has no volume: {last_line(answer)}", hint="try again")
        return Level(round(100 * float(volume[1])), "[MUTED]" in answer, (volume[1],))

    def set_percent(self, percent: int) -> None:
        run_tool(["wpctl", "set-volume", self.sink, f"{percent}%"])

    def set_muted(self, muted: bool) -> None:
        run_tool(["wpctl", "set-mute", self.sink, "1" if muted else "0"])

    def restore(self, level: Level) -> None:
        run_tool(["wpctl", "set-volume", self.sink, *level.raw])
        self.set_muted(level.muted)

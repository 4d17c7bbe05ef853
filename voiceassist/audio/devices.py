"""Enumeration and choice of microphones, through PortAudio.

``sounddevice`` is imported late: recordings are recognised on machines without PortAudio too.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType

from voiceassist.audio.sound_server import Sources, ask_sources
from voiceassist.errors import DeviceError
from voiceassist.telemetry import environment

PORTAUDIO_LOCK = threading.RLock()
"""PortAudio is global to the process and not thread-safe: opening, closing and queries need this lock."""


@dataclass(frozen=True, slots=True)
class InputDevice:
    """A microphone.

    Attributes:
        name: the system's name for it.
        is_default: it is the system's default.
        rate_hz: its own rate.
        channels: how many it has.
        index: PortAudio's index, valid until the devices are listed again.
        source: the sound server's name for it, if it is reached through one.
        leads_to: of the default of a sound server: the description of the microphone behind it.
    """

    name: str
    is_default: bool
    rate_hz: int
    channels: int
    index: int
    source: str | None = None
    leads_to: str = ""


def list_devices() -> list[InputDevice]:
    """All microphones, those of the system's usual interface first.

    Newly connected devices are found unless a microphone is open in this process.

    Thread: any.

    Raises:
        DeviceError: PortAudio is missing.
    """
    with PORTAUDIO_LOCK, errors_named("the microphones cannot be listed"):
        sounddevice = load_portaudio()
        rescan(sounddevice)
        return with_sources(_input_devices(sounddevice), ask_sources())


def choose_device(devices: Sequence[InputDevice], wanted: str | None) -> InputDevice:
    """The device of that name, or the only plausible one whose name contains it; ``None`` selects the default.

    Raises:
        DeviceError: there is no microphone at all, or none of that name.
    """
    if not devices:
        raise DeviceError(
            "There is no microphone",
            hint="plug one in, and check that the sound server (PipeWire or PulseAudio) is running",
        )
    if wanted is None:
        return next((device for device in devices if device.is_default), devices[0])
    name = wanted.casefold()
    exact = [device for device in devices if device.name.casefold() == name]
    similar = [device for device in devices if name in device.name.casefold()]
    if not wanted or not similar:
        known = ", ".join(f"'{device.name}'" for device in devices)
        raise DeviceError(f"There is no microphone '{wanted}'", hint=f"choose one of {known}")
    return (exact or similar)[0]


def load_portaudio() -> ModuleType:
    """Import ``sounddevice``.

    Raises:
        DeviceError: the PortAudio library is missing.
    """
    try:
        import sounddevice  # noqa: PLC0415 - see above
    except OSError as error:
        raise DeviceError(
            f"The microphone cannot be used: {error}",
            hint="install PortAudio: on Debian and Ubuntu the package libportaudio2",
        ) from error
    return sounddevice  # type: ignore[no-any-return]


def rescan(sounddevice: ModuleType) -> None:
    """Let PortAudio enumerate the devices again.

    It counts its users and does so only when the last one leaves; each open microphone is one. So this never pulls a
    running microphone away.
    """
    with contextlib.suppress(sounddevice.PortAudioError):  # an earlier scan may have failed half-way
        sounddevice._terminate()  # noqa: SLF001 - there is no public way
    sounddevice._initialize()  # noqa: SLF001


@contextmanager
def errors_named(problem: str) -> Iterator[None]:
    """Turn PortAudio's errors into ``DeviceError``."""
    sounddevice = load_portaudio()
    try:
        yield
    except sounddevice.PortAudioError as error:
        raise DeviceError(
            f"{problem[0].upper()}{problem[1:]}: {error}",
            hint="check that it is plugged in and that no other program holds it, or choose another one",
        ) from error


_THROUGH_SERVER = ("pulse", "default", "pipewire")
"""PortAudio devices that stand for the sound server, the best first."""


def with_sources(devices: Sequence[InputDevice], sources: Sources | None) -> list[InputDevice]:
    """The sound server's microphones by their descriptions, followed by PortAudio's own devices.

    The system's default stays PortAudio's, so that it follows when the user chooses another in the system.
    """
    by_name = {device.name: device for device in devices}
    door = next((by_name[name] for name in _THROUGH_SERVER if name in by_name), None)
    if sources is None or door is None:
        return list(devices)
    served = [
        InputDevice(source.description, False, source.rate_hz, source.channels, door.index, source.name)
        for source in sources.known
        if not source.is_monitor
    ]
    default = sources.find(sources.default)
    if default is not None:
        devices = [
            replace(one, rate_hz=default.rate_hz, channels=default.channels, leads_to=default.description)
            if one.is_default
            else one
            for one in devices
        ]
    return [*served, *devices]


_LEADING = ("PULSE_SOURCE", "PIPEWIRE_NODE")


@contextmanager
def led_to(source: str | None) -> Iterator[None]:
    """Connect a stream that is opened inside the block to this source of the sound server.

    The libraries of PulseAudio and PipeWire read it from the environment: PortAudio has no way to say it.
    """
    with environment({} if source is None else dict.fromkeys(_LEADING, source)):
        yield


def _input_devices(sounddevice: ModuleType) -> list[InputDevice]:
    """Each name once: on Windows the same microphone is offered by several interfaces."""
    interfaces = sounddevice.query_hostapis()
    default_interface = int(sounddevice.default.hostapi) if interfaces else -1
    default_index = int(interfaces[default_interface]["default_input_device"]) if interfaces else -1
    found: dict[str, InputDevice] = {}
    everything = [info for info in sounddevice.query_devices() if info["max_input_channels"] > 0]
    for info in sorted(everything, key=lambda info: info["hostapi"] != default_interface):
        index = int(info["index"])
        device = InputDevice(
            name=str(info["name"]),
            is_default=index == default_index,
            rate_hz=round(float(info["default_samplerate"])),
            channels=int(info["max_input_channels"]),
            index=index,
        )
        found.setdefault(device.name, device)
    return list(found.values())

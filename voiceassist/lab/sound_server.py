"""A private PulseAudio server with a virtual microphone, for tests and measurements of audio capture.

Needs the Debian packages pulseaudio, pulseaudio-utils, libportaudio2 and libasound2-plugins. It neither touches nor
needs the user's audio configuration: server, socket and ALSA configuration live in a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from voiceassist.telemetry import environment

MICROPHONE = "virtual_mic"
"""The sink that the microphone of this name records; the default microphone."""
SPEAKERS = "speakers"
"""The default sink: its volume is what volume commands change."""

_PULSE_SCRIPT = """\
.fail
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name={microphone} rate=48000 channels=1 norewinds=1
load-module module-null-sink sink_name={speakers}
set-default-sink {speakers}
set-default-source {microphone}.monitor
"""

# PortAudio lists the PCMs of ALSA's configuration. This one replaces the system's: real cards stay out of sight.
_ALSA_CONFIG = """\
pcm.default {{ type pulse server "unix:{socket}" }}
ctl.default {{ type pulse server "unix:{socket}" }}
pcm.{microphone} {{ type pulse server "unix:{socket}" device {microphone}.monitor }}
"""


class SoundServer:
    """A private sound server; a context manager, or ``start`` and ``close``."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="snd-"))  # short: socket names are limited to 107 characters
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("run", "home"):
            (self._folder / name).mkdir(mode=0o700)
        names = {"socket": self._socket, "microphone": MICROPHONE, "speakers": SPEAKERS}
        (self._folder / "pulse.pa").write_text(_PULSE_SCRIPT.format(**names), encoding="utf-8")
        (self._folder / "alsa.conf").write_text(_ALSA_CONFIG.format(**names), encoding="utf-8")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def variables(self) -> dict[str, str]:
        """Environment variables of a program that uses this server."""
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_COOKIE": str(self._folder / "home" / "cookie"),
            "XDG_RUNTIME_DIR": str(self._folder / "run"),
            "HOME": str(self._folder / "home"),
            "ALSA_CONFIG_PATH": str(self._folder / "alsa.conf"),
        }

    def env(self) -> dict[str, str]:
        """A complete environment for child processes."""
        return {**os.environ, **self.variables()}

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Makes this process use the server."""
        with environment(self.variables()):
            yield

    def start(self, timeout_s: float = 20.0) -> None:
        """Start the server (again) and wait until it answers."""
        log = self._folder / "pulse.log"
        options = ["--daemonize=no", "--use-pid-file=no", "--exit-idle-time=600", "--resample-method=soxr-hq"]
        command = ["pulseaudio", "-n", "-F", str(self._folder / "pulse.pa"), *options]
        with log.open("ab") as out:
            # On a common session bus only one sound server may have the name: ours keep off it.
            off_the_bus = {**self.env(), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._folder}/no-bus"}
            self._process = subprocess.Popen(command, env=off_the_bus, stdout=out, stderr=out)
        give_up_at_s = time.monotonic() + timeout_s
        while subprocess.run(["pactl", "info"], env=self.env(), check=False, capture_output=True).returncode:
            if self._process.poll() is not None or time.monotonic() > give_up_at_s:
                self.stop()
                raise RuntimeError(f"PulseAudio did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server as a crash would; ``start`` brings it back."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(timeout=10)
        self._socket.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def play(self, recording: Path, sink: str = MICROPHONE) -> None:
        """Play a WAV, FLAC or Ogg file into the microphone and wait until it has been played."""
        subprocess.run(["paplay", f"--device={sink}", str(recording)], env=self.env(), check=True, capture_output=True)

    def pactl(self, *arguments: str) -> str:
        """Runs a command of ``pactl`` and returns its output."""
        done = subprocess.run(
            ["pactl", *arguments], env={**self.env(), "LC_ALL": "C"}, check=True, capture_output=True, text=True
        )
        return done.stdout

    @property
    def _socket(self) -> Path:
        return self._folder / "native"

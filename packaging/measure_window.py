"""Start time, memory and idle processor time of the whole window, with its real parts and a silent microphone.

Usage: packaging/measure_window [SECONDS]   prints one JSON object
The parent starts the window in a process of its own and reads its memory from outside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

from voiceassist.config.settings import Settings

_CHILD = "--child"


def child(started_s: float) -> None:
    """The window: tells when it is seen and when it is ready, and goes on until it is ended."""
    from voiceassist.cli.window import Installation  # noqa: PLC0415 - imports are part of the start
    from voiceassist.gui.app import make_application  # noqa: PLC0415
    from voiceassist.gui.shell.main_window import MainWindow  # noqa: PLC0415
    from voiceassist.paths import default_paths  # noqa: PLC0415

    def open_microphone(settings: Settings) -> Settings:
        return replace(settings, introduced=True, listen_mode="open")

    with Installation(default_paths(), open_microphone) as installation:
        services = installation.services()
        app = make_application(services.settings, services.paths.assets)
        window = MainWindow(services)
        window.bridge.ready_changed.connect(lambda _: tell("ready", time.time() - started_s))
        window.show()
        window.begin()
        app.processEvents()
        tell("window", time.time() - started_s)
        app.exec()


def tell(name: str, value: float) -> None:
    """Tell the parent a time by the clock, and the processor time that was used so far."""
    print(json.dumps({f"{name}_s": round(value, 2), f"{name}_cpu_s": round(time.process_time(), 2)}), flush=True)


def start(environment: dict[str, str]) -> tuple[subprocess.Popen[str], dict[str, float]]:
    """Start the window and wait until it is ready."""
    program = subprocess.Popen(
        [sys.executable, str(Path(__file__)), _CHILD, str(time.time())],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, float] = {}
    while len(figures) < 4:
        figures |= json.loads(program.stdout.readline())  # type: ignore[union-attr]
    return program, figures


def end(program: subprocess.Popen[str]) -> None:
    """End the window."""
    program.terminate()
    program.wait(30)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    from voiceassist.lab.sound_server import SoundServer  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as home, SoundServer() as server:
        environment = os.environ | server.variables() | {"VOICEASSIST_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that is installed has its byte code beside it
        subprocess.run([sys.executable, "-m", "compileall", "-q", "voiceassist"], env=environment, check=True)
        first, _ = start(environment)
        end(first)  # the commands are compiled now, as they are at every start but the first
        program, figures = start(environment)
        time.sleep(5)
        process = psutil.Process(program.pid)
        before = process.cpu_times()
        time.sleep(seconds)
        after = process.cpu_times()
        memory = process.memory_full_info()
        figures["idle_cpu_percent"] = round(
            100 * (after.user + after.system - before.user - before.system) / seconds, 2
        )
        figures |= {"private_mb": round(memory.uss / 1e6, 1), "proportional_mb": round(memory.pss / 1e6, 1)}
        # Where nothing else runs, pages of libraries that were only read count as private, too.
        written = sum(part.private_dirty for part in process.memory_maps(grouped=False))
        figures["written_mb"] = round(written / 1e6, 1)
        figures["load_average"] = round(os.getloadavg()[0], 1)
        end(program)
        print(json.dumps(figures))


if __name__ == "__main__":
    child(float(sys.argv[2])) if sys.argv[1:2] == [_CHILD] else main()

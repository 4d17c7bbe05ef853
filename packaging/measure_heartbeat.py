"""The longest time between two beats of the window's main thread, in each of the things that take long.

Usage: packaging/measure_heartbeat   prints one JSON object: for each thing the longest beat by the main thread's
processor time and by the clock, in milliseconds. The parts are real, the microphone is a virtual one.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from voiceassist.cli.window import Installation
from voiceassist.engine.events import ListenState
from voiceassist.gui.app import make_application
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.lab.heartbeat import Heartbeat
from voiceassist.lab.sound_server import SoundServer
from voiceassist.paths import default_paths

_WAIT_S = 300.0
_WORDS = ("red", "green", "blue", "black", "white", "small", "large", "old", "new", "next")


class Rounds:
    """Does one thing after the other and keeps the longest beat of each."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, float]] = {}
        self._heartbeat = Heartbeat()

    def do(self, name: str, begin: Callable[[], object], done: Callable[[], bool]) -> None:
        """Begin something, and let the window live until it is done."""
        self._heartbeat.reset()
        begin()
        give_up_at_s = time.monotonic() + _WAIT_S
        while not done():
            if time.monotonic() > give_up_at_s:
                raise TimeoutError(name)
            live(0.05)
        live(0.3)
        beat = self._heartbeat
        self.figures[name] = {"busy_ms": round(beat.busy_ms, 1), "blocked_ms": round(beat.blocked_ms, 1)}


def live(seconds: float) -> None:
    """Let the loop run, asleep between two events as in the program."""
    end = time.monotonic() + seconds
    while (rest := end - time.monotonic()) > 0:
        QApplication.processEvents()
        time.sleep(min(0.001, rest))


def rounds_of(window: MainWindow, server: SoundServer, installation: Installation) -> dict[str, dict[str, float]]:
    """Everything that takes long, once."""
    rounds, pages, bridge = Rounds(), window.pages, window.bridge
    told: list[str] = []
    pages.news.connect(told.append)
    window.engine.news.connect(told.append)
    rounds.do("starting", window.begin, lambda: bridge.state is ListenState.IDLE)
    for index in range(pages.tabs.count()):
        rounds.do(
            f"first look at {pages.tabs.tabText(index).replace('&', '')}",
            lambda index=index: pages.tabs.setCurrentIndex(index),
            lambda: True,
        )
    pages.show_page(pages.speak)
    card = pages.speak.card
    rounds.do(
        "typed",
        lambda: bridge.type_text("set a timer for ten minutes"),
        lambda: card.recognition is not None,
    )
    before = card.recognition

    def speak() -> None:
        bridge.key_down()
        sample = installation.paths.samples / "01-time.wav"
        threading.Thread(target=lambda: (server.play(sample), done.set())).start()

    done = threading.Event()
    rounds.do("speaking", speak, done.is_set)
    rounds.do("recognising", bridge.key_up, lambda: card.recognition is not before)
    rounds.do(
        "another microphone setting",
        lambda: window.change_settings(replace(installation.file.now, close_microphone=True)),
        lambda: bridge.ready,
    )
    rounds.do("loading", lambda: window.engine.use_model("unshared-int8"), lambda: not window.engine.switching)
    pages.show_page(pages.models)
    rounds.do("measuring", pages.models.measure, lambda: all(row.measured for row in pages.models.packs.rows))
    pages.show_page(pages.speak)
    path = installation.paths.user_commands / "many.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"    - 'play {a} {b} {c} {d}'\n" for a in _WORDS for b in _WORDS for c in _WORDS for d in _WORDS)
    told.clear()
    rounds.do("recompiling", lambda: path.write_text("intents:\n  Play:\n" + "".join(lines)), lambda: bool(told))
    pages.show_page(pages.commands)
    rounds.do("searching", lambda: pages.commands.filter.setText("play red green"), lambda: True)
    return rounds.figures


def main() -> None:
    with tempfile.TemporaryDirectory() as home, SoundServer() as server:
        os.environ.update(server.variables() | {"VOICEASSIST_HOME": home})
        with Installation(default_paths(), lambda settings: replace(settings, introduced=True)) as installation:
            services = installation.services()
            application = make_application(services.settings, services.paths.assets)
            window = MainWindow(services)
            window.show()
            live(0.5)
            figures = rounds_of(window, server, installation)
            window.shut_down()
            application.processEvents()
    print(json.dumps({"load_average": round(os.getloadavg()[0], 1), **figures}, indent=1))


if __name__ == "__main__":
    main()

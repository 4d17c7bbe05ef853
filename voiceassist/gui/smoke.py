"""The smoke test of a finished bundle: window, model and pipeline together, without a microphone."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

from PySide6.QtCore import QObject, QTimer

from voiceassist.domain import Recognition, Verdict
from voiceassist.gui.messages import error_words
from voiceassist.gui.services.interfaces import EngineServices, GuiServices
from voiceassist.gui.services.samples import first_sample
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.shell.main_window import MainWindow

_TIMEOUT_MS = 60_000

Finish = Callable[[dict[str, Any], int], None]


class SmokeTest(QObject):
    """Loads engine and model, recognises the first sample and waits until the card shows it.

    ``finish`` is called once with what came of it and the exit status, which is 0 if the sample was understood.
    """

    def __init__(self, window: MainWindow, services: GuiServices, finish: Finish) -> None:
        super().__init__(window)
        self._window, self._services, self._finish = window, services, finish
        self._done = False
        self._tasks = TaskThread("voiceassist-smoke", self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(
            lambda: self._end({"error": f"Nothing was recognised within {_TIMEOUT_MS // 1000} s."}, 1)
        )
        window.pages.speak.shown.connect(self._judge)
        window.engine.connected.connect(self._recognize)
        window.engine.failed.connect(self.fail)
        window.pages.failed.connect(self.fail)

    def start(self) -> None:
        """Begin; the window has to be shown already."""
        self._timer.start(_TIMEOUT_MS)
        self._window.engine.connect_services()

    def close(self) -> None:
        """Join the thread."""
        self._timer.stop()
        self._tasks.close()

    def _recognize(self, engine: EngineServices) -> None:
        """Recognise the sample beside the main thread, and list the packs; the microphone is left alone."""
        services = self._services

        def recognize() -> Recognition:
            with closing(engine.make_pipeline(services.settings.model)) as pipeline:
                return pipeline.recognize(first_sample(services.paths.samples))

        self._window.pages.tabs.build_all()
        self._tasks.submit(recognize, done=self._window.bridge.recognized.emit, failed=self.fail)

    def fail(self, error: Exception) -> None:
        """End with an error."""
        message, hint = error_words(error)
        self._end({"error": message, "hint": hint}, 1)

    def _judge(self, recognition: Recognition) -> None:
        card = self._window.pages.speak.card
        understood = recognition.decision.verdict is not Verdict.REJECT and self._window.isVisible()
        shown = {"title": card.title_text, "heard": card.heard_text, "outcome": card.outcome_text}
        self._end({**recognition.to_json(), "card": shown}, 0 if understood else 1)

    def _end(self, result: dict[str, Any], exit_code: int) -> None:
        if self._done:
            return
        self._done = True
        self._timer.stop()
        self._finish(result, exit_code)


def to_line(result: dict[str, Any]) -> str:
    """The result as one line of JSON."""
    return json.dumps(result, ensure_ascii=False, default=str) + "\n"

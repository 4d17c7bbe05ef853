"""The engine as the window has it: loaded beside the main thread, given other models and settings while it runs."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from voiceassist.config.settings import Settings
from voiceassist.engine.events import Hooks
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.services.garbage import MainThreadCollector
from voiceassist.gui.services.interfaces import EngineServices, GuiServices, RunnerLike
from voiceassist.gui.services.samples import first_sample
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr

if TYPE_CHECKING:
    from voiceassist.engine.streaming import PipelineLike

_OF_THE_RUNNER = ("microphone", "act", "stay_open_s", "close_microphone")
"""Settings that the runner gets when it is made."""


class EngineControl(QObject):
    """Owns the bridge and the thread on which models are loaded; :meth:`close` ends both.

    While there are such threads, garbage is collected on the main one alone.
    """

    connected = Signal(object)
    """The `EngineServices` are there."""
    model_missing = Signal()
    model_changed = Signal(str)
    """Another model listens."""
    model_chosen = Signal(str)
    """The user switched to it, and it works."""
    switching_changed = Signal(bool)
    failed = Signal(object)
    news = Signal(str)

    def __init__(self, services: GuiServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gui = services
        self.collector = MainThreadCollector(self)
        self.bridge = EngineBridge(self._make_runner, services.settings, self)
        self.tasks = TaskThread("voiceassist-load", self)
        self.tasks.busy_changed.connect(self.collector.look_soon)
        self.services: EngineServices | None = None
        self.model = services.settings.model
        self.switching = False

    def connect_services(self) -> None:
        """Load everything but the model."""
        self.tasks.submit(self._gui.connect, done=self._take_services, failed=self._fail_without_model)

    def load(self, model: str) -> None:
        """Load a model at the start and listen; where it is missing, the one that comes with the program."""

        def listen(pipeline: PipelineLike) -> None:
            self.bridge.start(pipeline, self.bridge.settings)
            self._set_model(model)

        self.tasks.submit(
            lambda: self._engine.make_pipeline(model),
            done=listen,
            failed=lambda error: self._load_shipped(model, error),
            discard=_close_pipeline,
        )

    def use_model(self, name: str) -> None:
        """Switch to another model; the old one listens until the new one has decoded a recording."""

        def switch(pipeline: PipelineLike) -> None:
            self.bridge.use(pipeline)
            self._set_switching(False)
            self._set_model(name)
            self.model_chosen.emit(name)
            self.news.emit(tr("{model} listens now.", model=name))

        self._set_switching(True)
        self.tasks.submit(
            lambda: self._load_proven(name),
            done=switch,
            failed=self._keep_model,
            discard=_close_pipeline,
        )

    def apply(self, old: Settings, new: Settings) -> None:
        """Take over changed settings. No model is loaded for them."""
        if _wake_phrase(old) != _wake_phrase(new) and self._engine.recompile is not None:
            self.tasks.submit(
                self._engine.recompile, done=lambda _: self.bridge.apply_settings(new), failed=self.failed.emit
            )
        if any(getattr(old, name) != getattr(new, name) for name in _OF_THE_RUNNER):
            self.bridge.restart(new, self.tasks)
        elif _wake_phrase(old) == _wake_phrase(new):
            self.bridge.apply_settings(new)

    def close(self) -> None:
        """End the thread and the runner."""
        self.tasks.close()
        self.bridge.close()
        self.collector.close()

    @property
    def _engine(self) -> EngineServices:
        if self.services is None:
            raise RuntimeError("the engine is not connected yet")
        return self.services

    def _make_runner(self, pipeline: PipelineLike, hooks: Hooks, settings: Settings) -> RunnerLike:
        return self._engine.make_runner(pipeline, hooks, settings)

    def _take_services(self, services: EngineServices) -> None:
        self.services = services
        self.connected.emit(services)

    def _fail_without_model(self, error: VoiceAssistError) -> None:
        self.failed.emit(error)
        self.model_missing.emit()

    def _load_shipped(self, model: str, error: VoiceAssistError) -> None:
        shipped = Settings().model
        if model == shipped:
            self._fail_without_model(error)
            return
        self.failed.emit(error)
        self.news.emit(tr("The model that comes with the program listens instead."))
        self.load(shipped)

    def _load_proven(self, model: str) -> PipelineLike:
        """Load a model and let it decode a recording; one that cannot is closed again.

        Thread: the task's.

        Raises:
            PackError: the pack is missing, damaged or does not run.
            SoundFileError: there is no recording to try it on.
        """
        with ExitStack() as undo:
            pipeline = self._engine.make_pipeline(model)
            undo.callback(pipeline.close)
            pipeline.recognize(first_sample(self._gui.paths.samples))
            undo.pop_all()
            return pipeline

    def _keep_model(self, error: VoiceAssistError) -> None:
        self._set_switching(False)
        self.failed.emit(error)

    def _set_switching(self, switching: bool) -> None:
        self.switching = switching
        self.switching_changed.emit(switching)

    def _set_model(self, name: str) -> None:
        self.model = name
        self.model_changed.emit(name)


def _wake_phrase(settings: Settings) -> str | None:
    """The phrase that comes before the commands, if one does."""
    return settings.wake_phrase if settings.listen_mode == "wake" else None


def _close_pipeline(pipeline: PipelineLike) -> None:
    pipeline.close()

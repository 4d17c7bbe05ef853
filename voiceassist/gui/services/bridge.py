"""Connects the engine's worker thread with the window: owns the runner and turns its hooks into Qt signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from voiceassist.config.settings import Settings
from voiceassist.domain import Decision, Interpretation, Recognition, Verdict
from voiceassist.engine.activation import ListenMode
from voiceassist.engine.events import Hooks, ListenState
from voiceassist.gui.services.interfaces import RunnerLike
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.widgets.controls import QUIETEST_DB

if TYPE_CHECKING:
    from voiceassist.engine.streaming import PipelineLike

_TAP_MS = 300
"""A key that was held for less than this was clicked: nobody says a command so quickly."""
_LEVEL_STEP_DB = 1.5

RunnerFactory: TypeAlias = "Callable[[PipelineLike, Hooks, Settings], RunnerLike]"


class EngineBridge(QObject):
    """Owns the runner. All methods belong to the main thread; none but ``close`` waits.

    The hooks are called on the runner's thread; a signal emitted there reaches its slots on the main thread, because
    the bridge lives there. No hook holds the bridge itself.

    Attributes:
        level_db: the level that was told last.
    """

    state_changed = Signal(object)
    level_changed = Signal(float)
    recognized = Signal(object)
    partial = Signal(str)
    condition_changed = Signal(object)
    failed = Signal(object)
    ready_changed = Signal(bool)
    typed_without_model = Signal(str)
    """A command was typed while no model is loaded."""
    tapped = Signal()
    """The key that has to be held was only clicked."""
    _state_arrived = Signal(object)

    def __init__(self, make_runner: RunnerFactory, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_runner = make_runner
        self._settings = settings
        self._runner: RunnerLike | None = None
        self._state: ListenState | None = None
        self._held = False
        self._held_for = QElapsedTimer()
        self._deafened = False
        self._level_watched = False  # until the window is shown, which it never is where it starts in the tray
        self.level_db = QUIETEST_DB
        self._level_steps = _LevelSteps(self.level_changed.emit)
        self._state_arrived.connect(self._take_state)
        self.level_changed.connect(self._keep_level)

    @property
    def state(self) -> ListenState | None:
        """What the runner is doing, as far as the main thread has heard."""
        return self._state

    @property
    def ready(self) -> bool:
        """A model is loaded."""
        return self._runner is not None

    @property
    def held(self) -> bool:
        """A key or button for talking is held down."""
        return self._held

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def start(self, pipeline: PipelineLike, settings: Settings) -> None:
        """Begin, or begin anew with other settings. The bridge closes the pipeline that it held."""
        self.close()
        self._settings = settings
        runner = self._make_runner(
            pipeline,
            Hooks(
                on_state=self._state_arrived.emit,
                on_level=self._level_steps.take,
                on_recognition=self.recognized.emit,
                on_error=self.failed.emit,
                on_partial=self.partial.emit,
                on_condition=self.condition_changed.emit,
            ),
            settings,
        )
        self._runner = runner
        runner.start()
        runner.watch_level(self._level_watched)
        runner.set_mode(ListenMode(settings.listen_mode))
        self.ready_changed.emit(True)

    def use(self, pipeline: PipelineLike) -> None:
        """Go on with another model; the runner closes the old one after the current utterance."""
        if self._runner is None:
            self.start(pipeline, self._settings)
            return
        self._runner.use(pipeline)

    def restart(self, settings: Settings, tasks: TaskThread) -> None:
        """Begin anew with other settings and the same model, once the runner has ended beside the main thread."""
        runner, self._runner = self._runner, None
        self._settings = settings
        if runner is not None:
            self.ready_changed.emit(False)
            tasks.submit(
                runner.hand_over,
                done=lambda pipeline: self.start(pipeline, self._settings),
                failed=self.failed.emit,
                discard=lambda pipeline: pipeline.close(),
            )

    def press(self) -> None:
        """Push to talk: begin."""
        if self._runner is not None:
            self._runner.press()

    def release(self) -> None:
        """Push to talk: end."""
        if self._runner is not None:
            self._runner.release()

    def toggle(self) -> None:
        """Listen for one command, or end it; where the microphone is always open: sleep and wake."""
        if self._runner is not None:
            self._runner.toggle()

    def cancel(self) -> None:
        """Drop what is being said."""
        if self._runner is not None:
            self._runner.cancel()

    def sleep(self, asleep: bool) -> None:
        """Pause, or listen again."""
        if self._runner is not None:
            (self._runner.sleep if asleep else self._runner.wake)()

    def watch_level(self, watched: bool) -> None:
        """Whether the window can be seen, and with it the level of the microphone."""
        self._level_watched = watched
        if self._runner is not None:
            self._runner.watch_level(watched)

    def deafen(self, deaf: bool) -> None:
        """Pause for a while, unless it is paused anyway, and go on afterwards."""
        if deaf:
            self._deafened = self._state is not ListenState.ASLEEP
        if self._deafened:
            self.sleep(deaf)

    def key_down(self) -> None:
        """A key for talking went down: hold to talk in that mode, else the key switches."""
        self._held = self._settings.listen_mode == "push"
        self._held_for.start()
        (self.press if self._held else self.toggle)()

    def key_up(self) -> None:
        """It went up, which matters only where it is held to talk. A mere click is dropped and explained."""
        if not self._held:
            return
        self._held = False
        if self._held_for.elapsed() >= _TAP_MS:
            self.release()
            return
        self.cancel()
        if self._settings.click_toggles:
            self.toggle()
        else:
            self.tapped.emit()

    def apply_settings(self, settings: Settings) -> None:
        """Take over what can change while the runner runs: how to listen. The rest needs :meth:`start`."""
        self._settings = settings
        if self._runner is not None:
            self._runner.set_mode(ListenMode(settings.listen_mode))

    def type_text(self, text: str) -> None:
        """Understand and carry out a typed command; without a model it is matched against the commands alone."""
        if self._runner is not None:
            self._runner.parse(text)
        else:
            self.typed_without_model.emit(text)

    def confirm(self, recognition: Recognition, choice: Interpretation) -> None:
        """Carry out what the user chose from the card: the best interpretation or an alternative."""
        if self._runner is not None:
            self._runner.confirm(asked_about(recognition, choice))

    def decline(self) -> None:
        """Answer the last question with no, so that a "yes" that is said later answers nothing."""
        if self._runner is not None:
            self._runner.answer(None)

    def close(self) -> None:
        """Join the runner's thread; the runner closes microphone and pipeline."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()

    def _take_state(self, state: ListenState) -> None:
        """On the main thread, so that whoever connects late sees in ``state`` what it will not be told."""
        if state in (ListenState.STARTING, ListenState.STOPPED):
            self.level_db = self._level_steps.told_db = QUIETEST_DB
        self._state = state
        self.state_changed.emit(state)

    def _keep_level(self, level_db: float) -> None:
        self.level_db = level_db


class _LevelSteps:
    """Tells of a level that can be told from the last one: an open microphone in silence wakes no window."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self.told_db = QUIETEST_DB

    def take(self, level_db: float) -> None:
        """Thread: the runner's."""
        level_db = max(level_db, QUIETEST_DB)
        if abs(level_db - self.told_db) >= _LEVEL_STEP_DB:
            self.told_db = level_db
            self._tell(level_db)


def asked_about(recognition: Recognition, choice: Interpretation) -> Recognition:
    """The same utterance with a chosen interpretation in first place, as a question."""
    candidates = (() if recognition.best is None else (recognition.best,)) + recognition.alternatives
    others = tuple(candidate for candidate in candidates if candidate is not choice)
    return replace(
        recognition,
        text=choice.text,
        best=choice,
        alternatives=others,
        decision=Decision(Verdict.ASK),
        outcome=None,
    )

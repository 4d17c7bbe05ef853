"""What follows from a recognition: the overlay, the history, undo, a question to agree, typing without a model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from voiceassist.action_spec import ActionOutcome, ConsentRequest
from voiceassist.config.settings import Settings
from voiceassist.config.trust import TrustStore
from voiceassist.domain import Recognition, Verdict
from voiceassist.engine.events import ListenState
from voiceassist.gui.messages import consent_words, outcome_words, title_words
from voiceassist.gui.shell.engine_control import EngineControl
from voiceassist.gui.shell.overlay import SHOWN_STATES, Overlay, overlay_possible
from voiceassist.gui.shell.pages import Pages
from voiceassist.gui.translation import tr


class FollowUp(QObject):
    """Listens to the bridge and to the cards, and does what they ask for beside the main thread."""

    failed = Signal(object)
    forward_wanted = Signal()
    """The user has to look at the window."""
    _answered = Signal(object, bool)

    def __init__(
        self, window: QWidget, pages: Pages, engine: EngineControl, settings: Settings, trust: TrustStore | None
    ) -> None:
        super().__init__(window)
        self._window, self._pages, self._engine, self._bridge = window, pages, engine, engine.bridge
        self._settings, self._trust = settings, trust
        self._tasks = pages.action_tasks
        self._overlay: Overlay | None = None
        self._closed = False
        self._bridge.recognized.connect(self._take)
        self._bridge.state_changed.connect(self._take_state)
        self._bridge.typed_without_model.connect(self._type_without_model)
        self._bridge.tapped.connect(self._answer_tap)
        self._answered.connect(self._answer)
        pages.repeat_wanted.connect(self._repeat)
        pages.speak.card.declined.connect(self._bridge.decline)
        pages.speak.card.undo_wanted.connect(self._undo)

    @property
    def overlay(self) -> Overlay:
        """The small window on top of the others, made when it is first needed."""
        if self._overlay is None:
            overlay, card = Overlay(self._window, self._bridge), self._pages.speak.card
            for one, other in ((card, overlay.card), (overlay.card, card)):
                one.declined.connect(other.decline)
            overlay.card.undo_wanted.connect(self._undo)
            overlay.set_acting(self._settings.act)
            self._overlay = overlay
        return self._overlay

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        if self._overlay is not None:
            self._overlay.set_acting(settings.act)
            if not settings.overlay:
                self._overlay.hide()

    def close(self) -> None:
        """Take the overlay away."""
        self._closed = True
        overlay, self._overlay = self._overlay, None
        if overlay is not None:
            overlay.hide()
            overlay.deleteLater()

    @property
    def _elsewhere(self) -> bool:
        """The user looks at another window and wants to see what is heard."""
        return self._settings.overlay and not self._closed and not self._window.isActiveWindow()

    def _take_state(self, state: ListenState) -> None:
        if state in SHOWN_STATES and self._elsewhere and overlay_possible():
            self.overlay.show_state(state)
        elif self._overlay is not None:
            self._overlay.show_state(state)

    def _take(self, recognition: Recognition) -> None:
        self._pages.note(recognition)
        if self._elsewhere and overlay_possible():
            self.overlay.show_recognition(recognition)
        elif self._elsewhere:
            self._notify(recognition)
        self._ask_consent(recognition)

    def _notify(self, recognition: Recognition) -> None:
        """Where no window may stay on top, the desktop tells, and asks."""
        notify = None if self._engine.services is None else self._engine.services.notify
        if notify is None:
            return
        title, text = title_words(recognition), outcome_words(recognition, acting=self._settings.act)
        buttons: dict[str, Callable[[], None]] = {}
        if recognition.decision.verdict is Verdict.ASK and recognition.outcome is None:
            answer = partial(self._answered.emit, recognition)
            buttons = {tr("Yes"): partial(answer, True), tr("No"): partial(answer, False)}
        # thread: the task's
        self._tasks.submit(lambda: notify(title, text, buttons), done=lambda _: None, failed=self.failed.emit)

    def _answer(self, recognition: Recognition, yes: bool) -> None:
        """The question of a notification was answered with a button, if it is still asked."""
        card = self._pages.speak.card
        if card.recognition is not recognition or recognition.best is None or not card.question_buttons():
            return
        if yes:
            self._bridge.confirm(recognition, recognition.best)
        else:
            card.decline()

    def _undo(self, recognition: Recognition) -> None:
        undo = None if self._engine.services is None else self._engine.services.undo
        outcome = recognition.outcome
        if undo is None or outcome is None or outcome.undo_token is None:
            return
        token = outcome.undo_token

        def show(undone: ActionOutcome) -> None:
            self._pages.speak.card.show_undone(recognition, undone)
            if self._overlay is not None:
                self._overlay.card.show_undone(recognition, undone)

        self._tasks.submit(lambda: undo(token), done=show, failed=self.failed.emit)

    def _ask_consent(self, recognition: Recognition) -> None:
        """A command file wants to run something that the user has not agreed to."""
        outcome, trust, best = recognition.outcome, self._trust, recognition.best
        if outcome is None or outcome.consent is None or trust is None or best is None:
            return
        request = outcome.consent

        def allowed() -> None:
            self._tasks.submit(
                lambda: trust.agree(request),
                done=lambda _: self._bridge.confirm(recognition, best),
                failed=self.failed.emit,
            )

        self.forward_wanted.emit()
        ask_consent(request, allowed, self._window)

    def _answer_tap(self) -> None:
        """A tap of the key while a question stands in the overlay leads to its answers."""
        buttons = self._pages.speak.card.question_buttons()
        if buttons and not self._window.isActiveWindow():
            self.forward_wanted.emit()
            self._pages.show_page(self._pages.speak)
            buttons[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _repeat(self, text: str) -> None:
        self._pages.show_page(self._pages.speak)
        self._bridge.type_text(text)

    def _type_without_model(self, text: str) -> None:
        do_typed = None if self._engine.services is None else self._engine.services.do_typed
        acting = self._settings.act
        if do_typed is not None:
            self._tasks.submit(
                lambda: do_typed(text, acting), done=self._bridge.recognized.emit, failed=self.failed.emit
            )


def ask_consent(request: ConsentRequest, allowed: Callable[[], None], parent: QWidget) -> QMessageBox:
    """Show word for word what would be run; ``allowed`` is called if the user agrees."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("May this command do this?"))
    box.setText(tr("A command file wants to do this, and you have not agreed to it yet:"))
    box.setInformativeText("\n".join(map(consent_words, request.lines)))
    refuse = box.addButton(tr("Do not run"), QMessageBox.ButtonRole.RejectRole)
    allow = box.addButton(tr("Allow"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.buttonClicked.connect(lambda button: allowed() if button is allow else None)
    box.open()
    return box

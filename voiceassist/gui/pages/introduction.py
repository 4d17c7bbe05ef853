"""The first minute: the microphone, the key, how to listen, and three commands to try."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition, Verdict
from voiceassist.engine.events import ListenState
from voiceassist.gui.messages import is_typed, outcome_words, quoted_words, state_words
from voiceassist.gui.pages.microphone_check import MicrophoneCheck
from voiceassist.gui.pages.mode_choice import ModeChoice
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.services.interfaces import EngineServices, MakeMicrophoneTest
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    Bar,
    TalkButton,
    level_fraction,
    page_layout,
    push_button,
    scrolled,
    set_style_property,
    set_tone,
    text_label,
)

_MAX_TRIES = 3
_LISTENING = frozenset({ListenState.LISTENING, ListenState.HEARING})


class Introduction(QWidget):
    """Four steps, each of which can be skipped; may be opened again from Settings."""

    finished = Signal()
    changed = Signal(object)
    testing = Signal(bool)

    def __init__(
        self,
        bridge: EngineBridge,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.microphone = _MicrophoneStep(bridge)
        self.speak = _SpeakStep(bridge, settings)
        self.listening = _ListeningStep(settings)
        self.tries = _TryStep(bridge)
        self._steps: tuple[_Step, ...] = (self.microphone, self.speak, self.listening, self.tries)
        self.stack = QStackedWidget()
        self.place = text_label(role="quiet")
        self.back_button = push_button(tr("Back"))
        self.next_button = push_button(tr("Next"), "primary")
        self.skip_button = push_button(tr("Skip the first steps"), "flat")
        self._lay_out()
        self.back_button.clicked.connect(lambda: self.show_step(self.stack.currentIndex() - 1))
        self.next_button.clicked.connect(self._go_on)
        self.skip_button.clicked.connect(self.finished)
        for step in self._steps:
            step.done.connect(self._refresh)
        self.listening.mode.changed.connect(self._change)
        self.microphone.check.running.connect(self.testing)
        bridge.recognized.connect(self._take)
        self.show_step(0)

    def use_services(self, services: EngineServices) -> None:
        """Offer what needs the engine: the test of the microphone, and commands to try."""
        self.microphone.use_test(services.test_microphone)
        self.tries.offer(services.suggestions[:_MAX_TRIES])

    def show_step(self, index: int) -> None:
        """Turn to a step."""
        self.stack.setCurrentIndex(index)
        self._refresh()
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        title = self._steps[index].title
        self.setAccessibleName(f"{self.place.text()}: {title}")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{self.place.text()}: {title}"))

    def apply_settings(self, settings: Settings) -> None:
        """Take over settings that were changed elsewhere."""
        self._settings = settings
        self.speak.apply_settings(settings)
        self.listening.mode.show_settings(settings)

    def close_page(self) -> None:
        """End a test that is running."""
        self.microphone.check.close_check()

    def _lay_out(self) -> None:
        self.place.setWordWrap(False)
        for step in self._steps:
            self.stack.addWidget(step)
        bottom = QHBoxLayout()
        bottom.addWidget(self.skip_button)
        bottom.addStretch(1)
        bottom.addWidget(self.place)
        bottom.addWidget(self.back_button)
        bottom.addWidget(self.next_button)
        bottom.setContentsMargins(16, 8, 16, 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack, 1)
        layout.addLayout(bottom)

    def _go_on(self) -> None:
        index = self.stack.currentIndex()
        if index + 1 < len(self._steps):
            self.show_step(index + 1)
        else:
            self.finished.emit()

    def _refresh(self) -> None:
        index = self.stack.currentIndex()
        last = index + 1 == len(self._steps)
        self.back_button.setEnabled(index > 0)
        self.skip_button.setVisible(not last)
        done = last or self._steps[index].is_done
        self.next_button.setText(tr("Finish") if last else tr("Next") if done else tr("Skip"))
        set_style_property(self.next_button, "role", "primary" if done else "")  # skipping is not what is wanted most
        self.place.setText(tr("Step {step} of {count}", step=index + 1, count=len(self._steps)))

    def _take(self, recognition: Recognition) -> None:
        if self.isVisible():
            self._steps[self.stack.currentIndex()].take(recognition)

    def _change(self) -> None:
        settings = self.listening.mode.taken_over(self._settings)
        self.listening.finish()
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)


class _Step(QScrollArea):
    """One step: a title, an explanation, and whatever it asks for."""

    done = Signal()

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self.title = title
        self.is_done = False
        self.column = page_layout()
        heading = text_label(title, "display")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        explanation = text_label(words)
        explanation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addStretch(1)
        self.column.addSpacing(16)
        self.column.addWidget(heading)
        self.column.addWidget(explanation)
        self.column.addSpacing(8)

    def take(self, recognition: Recognition) -> None:
        """Something was said or typed while this step is shown."""

    def finish(self) -> None:
        """What this step asks for was done."""
        self.is_done = True
        self.done.emit()

    def close_column(self) -> None:
        """Put the column into the scroll area, once all is in it."""
        self.column.addStretch(2)
        scrolled(self.column, self)


class _MicrophoneStep(_Step):
    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__(
            tr("Can I hear you?"),
            tr(
                "The bar below moves while you speak. If it does not, choose another microphone on the Microphone page."
            ),
        )
        self.level = Bar(tr("Microphone level"))
        self.check = MicrophoneCheck()
        self.check.hide()
        self.check.passed.connect(self.finish)
        self.check.running.connect(self.level.setHidden)  # the test has a bar of its own
        self.column.addWidget(self.level)
        self.column.addSpacing(8)
        self.column.addWidget(self.check)
        self.close_column()
        bridge.level_changed.connect(lambda level_db: self.level.set_fraction(level_fraction(level_db)))

    def use_test(self, test_microphone: MakeMicrophoneTest | None) -> None:
        """Offer the test."""
        if test_microphone is not None:
            self.check.make_test = test_microphone(None)
            self.check.show()


class _SpeakStep(_Step):
    def __init__(self, bridge: EngineBridge, settings: Settings) -> None:
        super().__init__(tr("Say “what time is it”"), tr("Hold the button below, or the key, say it, and let go."))
        self._bridge, self._settings = bridge, settings
        self._state = bridge.state
        self.talk_button = TalkButton()
        self.state_line = text_label(role="heading")
        self.answer = text_label(role="title")
        self.heard = text_label(role="quiet")
        self.column.addWidget(self.talk_button, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (self.state_line, self.answer, self.heard):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.column.addWidget(line)
        self.close_column()
        self.talk_button.pressed.connect(bridge.key_down)
        self.talk_button.released.connect(bridge.key_up)
        bridge.state_changed.connect(self._show_state)
        bridge.ready_changed.connect(self._refresh)
        bridge.tapped.connect(lambda: self.answer.setText(tr("Hold the button while you speak")))
        bridge.level_changed.connect(lambda level_db: self.talk_button.set_level(level_fraction(level_db)))
        self._refresh()

    def take(self, recognition: Recognition) -> None:
        """Show the answer; only a command that was spoken and understood completes the step."""
        understood = recognition.decision.verdict is not Verdict.REJECT
        self.answer.setText(outcome_words(recognition, acting=self._settings.act))
        set_tone(self.answer, "good" if understood else "warn")
        self.heard.setText(tr("I heard: “{words}”", words=recognition.text or recognition.heard or "…"))
        if understood and not is_typed(recognition):
            self.finish()

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        self._refresh()

    def _show_state(self, state: ListenState) -> None:
        self._state = state
        self._refresh()

    def _refresh(self) -> None:
        settings, state = self._settings, self._state
        self.talk_button.setEnabled(self._bridge.ready)
        self.talk_button.set_active(state in _LISTENING)
        self.talk_button.set_held(settings.listen_mode == "push")
        name = "starting" if state is None or not self._bridge.ready else state.value
        self.state_line.setText(state_words(name, settings.push_key, settings.listen_mode, settings.wake_phrase))


class _ListeningStep(_Step):
    def __init__(self, settings: Settings) -> None:
        super().__init__(
            tr("When shall I listen?"), tr("You can change this at any time in Settings. Nothing is ever recorded.")
        )
        self.mode = ModeChoice(settings)
        self.column.addWidget(self.mode)
        self.close_column()
        self.is_done = True  # as it is, is a choice, too


class _TryStep(_Step):
    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__(
            tr("Try three commands"),
            tr("Say them, or click them. The Commands page lists all, and takes your own."),
        )
        self._bridge = bridge
        self._marks: dict[str, QLabel] = {}
        self._rows = QGridLayout()
        self._rows.setColumnStretch(0, 1)
        self._rows.setColumnStretch(3, 1)
        self.column.addLayout(self._rows)
        self.answer = text_label(role="title")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addSpacing(8)
        self.column.addWidget(self.answer)
        self.close_column()

    def offer(self, suggestions: Sequence[str]) -> None:
        """Commands to try."""
        for place, sentence in enumerate(suggestions):
            mark = text_label("○", "heading")
            mark.setWordWrap(False)
            mark.setAccessibleName(tr("Not tried yet"))
            button = push_button(quoted_words(sentence).replace("&", "&&"), "suggestion")
            button.setAccessibleName(tr("Do: {command}", command=sentence))
            button.clicked.connect(partial(self._bridge.type_text, sentence))
            self._rows.addWidget(mark, place, 1)
            self._rows.addWidget(button, place, 2, Qt.AlignmentFlag.AlignLeft)
            self._marks[sentence] = mark

    def take(self, recognition: Recognition) -> None:
        """Tick what was tried."""
        self.answer.setText(outcome_words(recognition, acting=True))
        mark = self._marks.get(recognition.text)
        if mark is not None and recognition.decision.verdict is not Verdict.REJECT:
            mark.setText("✓")
            mark.setAccessibleName(tr("Tried"))
            set_tone(mark, "good")
            self.finish()

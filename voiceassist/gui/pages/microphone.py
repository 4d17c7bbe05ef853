"""The Microphone page: which microphone, how loud it is, and whether it understands you."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from voiceassist.audio.capture import InputDevice
from voiceassist.config.settings import Settings
from voiceassist.engine.events import ListenState
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.pages.microphone_check import MicrophoneCheck
from voiceassist.gui.services.interfaces import TestMicrophone
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    Bar,
    card,
    level_fraction,
    page_layout,
    push_button,
    row,
    scrolled,
    text_label,
)


class _DeviceBox(QComboBox):
    """Ends a name that is too long for it with three dots, where a style sheet would drop words without a sign."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 (Qt's name)
        super().initStyleOption(option)
        text = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, text.width()
        )


class MicrophonePage(QScrollArea):
    """Every change is announced at once as new settings."""

    changed = Signal(object)
    failed = Signal(object)
    testing = Signal(bool)
    """The microphone is being tested: what is said meanwhile is not meant as a command."""

    def __init__(
        self,
        settings: Settings,
        list_devices: Callable[[], Sequence[InputDevice]],
        tasks: TaskThread,
        test_microphone: Callable[[str | None], TestMicrophone] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._list_devices, self._tasks, self._test_microphone = list_devices, tasks, test_microphone
        self.microphone = _DeviceBox()
        self.refresh_button = push_button(tr("Look again"))
        self.level = Bar(tr("Microphone level"))
        self.check = MicrophoneCheck()
        self.close_box = QCheckBox(tr("Open the microphone only while I hold the key"))
        self.close_note = text_label(role="quiet")
        self.microphone.addItem(tr("System default"), None)
        if self._settings.microphone is not None:
            self.microphone.addItem(self._settings.microphone, self._settings.microphone)
            self.microphone.setCurrentIndex(1)
        self._use_for_test()
        self._lay_out()
        self._show_closing()
        self.refresh_button.clicked.connect(self.refresh_devices)
        self.microphone.currentIndexChanged.connect(self._choose)
        self.close_box.toggled.connect(self._choose)
        self.check.running.connect(self.testing)

    def refresh_devices(self) -> None:
        """Ask the system for its microphones, beside the main thread."""
        self.refresh_button.setEnabled(False)
        self._tasks.submit(self._list_devices, done=self._show_devices, failed=self._show_failure)

    def show_level(self, level_db: float) -> None:
        """Show how loud the microphone is, so that the right one can be told."""
        self.level.set_fraction(level_fraction(level_db))

    def show_state(self, state: ListenState) -> None:
        """Let the bar fall when the microphone is gone."""
        if state in (ListenState.STARTING, ListenState.STOPPED):
            self.level.set_fraction(0.0)

    def apply_settings(self, settings: Settings) -> None:
        """Take over settings that were changed elsewhere."""
        self._settings = settings
        self._show_closing()

    def close_page(self) -> None:
        """End a test that is running."""
        self.check.close_check()

    def _lay_out(self) -> None:
        self.microphone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.microphone.setMinimumContentsLength(16)
        self.microphone.setAccessibleName(tr("Microphone"))
        choice_column, test_column = QVBoxLayout(), QVBoxLayout()
        choice_column.addWidget(text_label(tr("Which microphone"), "heading"))
        choice = row(self.microphone, self.refresh_button, stretch_last=True)
        choice.setStretch(0, 1)
        choice_column.addLayout(choice)
        choice_column.addWidget(self.level)
        choice_column.addWidget(text_label(tr("Speak: the bar moves with the microphone that is chosen."), "quiet"))
        choice_column.addWidget(self.close_box, 0, Qt.AlignmentFlag.AlignLeft)
        choice_column.addWidget(self.close_note)
        test_column.addWidget(text_label(tr("Does it understand you?"), "heading"))
        test_column.addWidget(self.check)
        layout = page_layout()
        layout.addWidget(text_label(tr("Microphone"), "title"))
        layout.addWidget(card(choice_column))
        test_card = card(test_column)
        test_card.setVisible(self._test_microphone is not None)
        layout.addWidget(test_card)
        promise = tr("Sound is heard and forgotten: nothing is recorded, and nothing leaves this machine.")
        layout.addWidget(text_label(promise, "quiet"))
        layout.addStretch(1)
        scrolled(layout, self)

    def _choose(self) -> None:
        settings = replace(
            self._settings,
            microphone=self.microphone.currentData(),
            close_microphone=self.close_box.isChecked()
            if self.close_box.isEnabled()
            else self._settings.close_microphone,
        )
        self._use_for_test()
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _show_closing(self) -> None:
        """Whether the microphone is closed meanwhile, and what that means in the way of listening that is chosen."""
        settings = self._settings
        possible = settings.listen_mode in ("push", "toggle")
        blocked = self.close_box.blockSignals(True)
        self.close_box.setEnabled(possible)
        self.close_box.setChecked(possible and settings.close_microphone)
        self.close_box.blockSignals(blocked)
        if not possible:
            self.close_note.setText(tr("Not now: Settings says to listen all the time."))
        elif settings.close_microphone:
            self.close_note.setText(
                tr("The bar stands still until then. Opening takes a moment: speak when it says “Listening”.")
            )
        else:
            self.close_note.setText(
                tr("Now it stays open, so that the first syllable is not lost; what it hears is forgotten at once.")
            )

    def _use_for_test(self) -> None:
        make = self._test_microphone
        self.check.make_test = None if make is None else make(self.microphone.currentData())

    def _show_devices(self, devices: Sequence[InputDevice]) -> None:
        self.refresh_button.setEnabled(True)
        # A sound server knows them by their real names; what PortAudio calls the same ones would only confuse.
        served = [device for device in devices if device.source is not None]
        names = list(dict.fromkeys(device.name for device in served or devices))
        chosen = self._settings.microphone
        if chosen is not None and chosen not in names:
            names.append(chosen)
        default = next((device.leads_to or device.name for device in devices if device.is_default), None)
        words = tr("System default") if default is None else tr("System default ({name})", name=default)
        blocked = self.microphone.blockSignals(True)
        self.microphone.clear()
        self.microphone.addItem(words, None)
        for name in names:
            self.microphone.addItem(name, name)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(chosen)))
        self.microphone.blockSignals(blocked)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self.refresh_button.setEnabled(True)
        self.failed.emit(error)

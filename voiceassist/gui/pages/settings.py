"""The Settings page: microphone, how to listen, whether to act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QScrollArea, QVBoxLayout, QWidget

from voiceassist.audio.capture import InputDevice
from voiceassist.config.settings import Settings
from voiceassist.engine.runner import ListenState
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.pages.microphone_test import MicrophoneTest
from voiceassist.gui.pages.mode_choice import ModeChoice
from voiceassist.gui.services.interfaces import TestMicrophone
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.widgets.controls import Bar, card, centred, level_fraction, push_button, row, text_label
from voiceassist.gui.widgets.hotkey_field import HotkeyField
from voiceassist.gui.widgets.theme import SPACE_PX

PUSH_KEYS = ("F9", "F8", "F7", "F6", "F5", "F4", "F10", "F12", "Pause", "Insert", "Home", "End")
_PROMISE = "Sound is heard and forgotten: nothing is recorded, nothing leaves this machine."
_SYSTEM_DEFAULT = "System default"


class SettingsPage(QScrollArea):
    """Every change is announced at once as new settings; nobody has to press a Save button."""

    changed = Signal(object)
    failed = Signal(object)
    testing = Signal(bool)
    """The microphone is being tested: what is said meanwhile is no command."""

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
        self._list_devices = list_devices
        self._tasks = tasks
        self._test_microphone = test_microphone
        self.microphone = QComboBox()
        self.refresh_button = push_button("Look again")
        self.level = Bar("Microphone level")
        self.mode = ModeChoice(settings)
        self.push, self.open = self.mode.buttons["push"], self.mode.buttons["open"]
        self.test_button = push_button("Test the microphone")
        self.push_key = QComboBox()
        self.hotkey = HotkeyField(settings.hotkey)
        self.act = QCheckBox("Carry out what is understood")
        self._fill()
        self._lay_out()
        self._connect()

    def refresh_devices(self) -> None:
        """Ask the system for its microphones, beside the main thread."""
        self.refresh_button.setEnabled(False)
        self._tasks.submit(self._list_devices, done=self._show_devices, failed=self._show_failure)

    def open_test(self) -> MicrophoneTest | None:
        """Test the chosen microphone in a dialog."""
        if self._test_microphone is None:
            return None
        dialog = MicrophoneTest(self._test_microphone(self.microphone.currentData()), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _: self.testing.emit(False))
        self.testing.emit(True)
        dialog.open()
        dialog.begin()
        return dialog

    def show_level(self, level_db: float) -> None:
        """Show how loud the microphone is, so that the right one can be told."""
        self.level.set_fraction(level_fraction(level_db))

    def show_state(self, state: ListenState) -> None:
        """Let the bar fall when the microphone is gone."""
        if state in (ListenState.STARTING, ListenState.STOPPED):
            self.level.set_fraction(0.0)

    def apply_settings(self, settings: Settings) -> None:
        """Take over settings that were changed elsewhere, such as the model."""
        self._settings = settings

    def _fill(self) -> None:
        settings = self._settings
        self.microphone.addItem(_SYSTEM_DEFAULT, None)
        if settings.microphone is not None:
            self.microphone.addItem(settings.microphone, settings.microphone)
            self.microphone.setCurrentIndex(1)
        self.microphone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.microphone.setMinimumContentsLength(16)
        self.microphone.setAccessibleName("Microphone")
        keys = PUSH_KEYS if settings.push_key in PUSH_KEYS else (settings.push_key, *PUSH_KEYS)
        self.push_key.addItems(list(keys))
        self.push_key.setCurrentText(settings.push_key)
        self.push_key.setAccessibleName("Push-to-talk key")
        self.act.setChecked(settings.act)

    def _lay_out(self) -> None:
        microphone = QVBoxLayout()
        microphone.addWidget(text_label("Microphone", "heading"))
        choice = row(self.microphone, self.refresh_button, stretch_last=True)
        choice.setStretch(0, 1)
        microphone.addLayout(choice)
        microphone.addWidget(self.level)
        self.test_button.setVisible(self._test_microphone is not None)
        microphone.addLayout(row(self.test_button))
        microphone.addWidget(text_label("Speak: the bar moves with the microphone that is chosen.", "quiet"))
        listening = QVBoxLayout()
        listening.addWidget(text_label("Listen", "heading"))
        listening.addWidget(self.mode)
        listening.addLayout(row(text_label("Key in this window"), self.push_key))
        listening.addWidget(text_label("In every window"))
        listening.addWidget(self.hotkey)
        acting = QVBoxLayout()
        acting.addWidget(text_label("Act", "heading"))
        acting.addWidget(self.act)
        acting.addWidget(text_label("Switched off, commands are only shown. What destroys is always asked.", "quiet"))
        layout = QVBoxLayout()
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(2 * SPACE_PX)
        for section in (microphone, listening, acting):
            layout.addWidget(card(section))
        layout.addWidget(text_label(_PROMISE, "quiet"))
        layout.addStretch(1)
        self.setWidget(centred(layout))
        self.setWidgetResizable(True)

    def _connect(self) -> None:
        self.refresh_button.clicked.connect(self.refresh_devices)
        self.microphone.currentIndexChanged.connect(self._announce)
        self.push_key.currentIndexChanged.connect(self._announce)
        self.hotkey.changed.connect(self._announce)
        self.mode.changed.connect(self._announce)
        self.test_button.clicked.connect(self.open_test)
        self.act.toggled.connect(self._announce)

    def _announce(self) -> None:
        settings = replace(
            self.mode.taken_over(self._settings),
            microphone=self.microphone.currentData(),
            push_key=self.push_key.currentText(),
            hotkey=self.hotkey.value,
            act=self.act.isChecked(),
        )
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _show_devices(self, devices: Sequence[InputDevice]) -> None:
        self.refresh_button.setEnabled(True)
        names = list(dict.fromkeys(device.name for device in devices))
        chosen = self._settings.microphone
        if chosen is not None and chosen not in names:
            names.append(chosen)
        default = next((device.name for device in devices if device.is_default), None)
        blocked = self.microphone.blockSignals(True)
        self.microphone.clear()
        self.microphone.addItem(_SYSTEM_DEFAULT if default is None else f"{_SYSTEM_DEFAULT} ({default})", None)
        for name in names:
            self.microphone.addItem(name, name)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(chosen)))
        self.microphone.blockSignals(blocked)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self.refresh_button.setEnabled(True)
        self.failed.emit(error)

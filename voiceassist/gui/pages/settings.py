"""The Settings page: how to listen, whether to act, how the window looks, and where the files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from voiceassist import __version__
from voiceassist.config.settings import TEXT_PERCENTS, Settings
from voiceassist.config.trust import TrustStore
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import consent_words, key_words
from voiceassist.gui.pages.mode_choice import ModeChoice
from voiceassist.gui.services.autostart import Autostart
from voiceassist.gui.translation import LANGUAGES, tr
from voiceassist.gui.widgets.controls import (
    card,
    clear_layout,
    in_turns,
    page_layout,
    push_button,
    row,
    scrolled,
    text_label,
)
from voiceassist.gui.widgets.hotkey_field import HotkeyField
from voiceassist.paths import Paths

_LEFT = Qt.AlignmentFlag.AlignLeft
PUSH_KEYS = ("F9", "F8", "F7", "F6", "F5", "F4", "F10", "F12", "Pause", "Insert", "Home", "End")


class SettingsPage(QScrollArea):
    """Every change is announced at once as new settings; there is no Save button."""

    changed = Signal(object)
    failed = Signal(object)
    open_wanted = Signal(object)
    """A file or folder to open in the desktop's program for it."""
    introduction_wanted = Signal()
    """The first steps shall be shown again."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        autostart: Autostart | None = None,
        trust: TrustStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._paths, self._autostart, self._trust = settings, paths, autostart, trust
        self.mode = ModeChoice(settings)
        self.push_key = QComboBox()
        self.hotkey = HotkeyField(settings.hotkey)
        self.click_toggles = QCheckBox(tr("A short click listens for one command"))
        self.act = QCheckBox(tr("Carry out what is understood"))
        self.theme, self.text_size, self.language = QComboBox(), QComboBox(), QComboBox()
        self.overlay = QCheckBox(tr("Show what is heard while another window is in front"))
        self.autostart = QCheckBox(tr("Start with the desktop, in the tray"))
        self.sounds = QCheckBox(tr("Play short sounds: listening, understood, not understood"))
        self.speech = QCheckBox(tr("Read answers out loud"))
        self.history = QCheckBox(tr("Keep a history, on this computer only"))
        self.introduction_button = push_button(tr("First steps…"))
        self.log_button = push_button(tr("Open log"))
        self.files_button = push_button(tr("Open settings folder"))
        self._fill()
        self._consents = QVBoxLayout()
        self._column = page_layout()
        self._column.addWidget(text_label(tr("Settings"), "title"))
        scrolled(self._column, self)
        sections = (self._listening, self._acting, self._window, self._allowed, self._files)
        steps = [lambda section=section: self._column.addWidget(card(section())) for section in sections]
        in_turns(self, iter((*steps, self._column.addStretch)))
        self._connect()

    def apply_settings(self, settings: Settings) -> None:
        """Show settings that were changed elsewhere; nothing is announced."""
        self._settings = settings
        self.mode.show_settings(settings)

    def _fill(self) -> None:
        settings = self._settings
        keys = PUSH_KEYS if settings.push_key in PUSH_KEYS else (settings.push_key, *PUSH_KEYS)
        names = {key: key_words(key) for key in keys}
        _fill_choice(self.push_key, tr("Push-to-talk key"), names, settings.push_key)
        themes = {
            "system": tr("As the desktop"),
            "light": tr("Light"),
            "dark": tr("Dark"),
            "contrast": tr("High contrast"),
        }
        sizes = {percent: f"{percent} %" for percent in TEXT_PERCENTS}
        languages = {"system": tr("As the desktop")} | LANGUAGES
        _fill_choice(self.theme, tr("Theme"), themes, settings.theme)
        _fill_choice(self.text_size, tr("Text size"), sizes, settings.text_percent)
        _fill_choice(self.language, tr("Language of the window"), languages, settings.language)
        for box, on in (
            (self.click_toggles, settings.click_toggles),
            (self.act, settings.act),
            (self.overlay, settings.overlay),
            (self.history, settings.history),
            (self.sounds, settings.sounds),
            (self.speech, settings.speech),
            (self.autostart, self._autostart is not None and self._autostart.enabled),
        ):
            box.setChecked(on)
        if self._autostart is None:
            self.autostart.hide()

    def _listening(self) -> QVBoxLayout:
        column = _section(tr("How to listen"))
        column.addWidget(self.mode)
        column.addWidget(self.click_toggles, 0, _LEFT)
        column.addWidget(text_label(tr("Key in this window")))
        column.addLayout(row(self.push_key))
        column.addWidget(text_label(tr("Keys that work in every window")))
        column.addWidget(self.hotkey)
        return column

    def _acting(self) -> QVBoxLayout:
        column = _section(tr("Acting"))
        column.addWidget(self.act, 0, _LEFT)
        quiet = tr("Switched off, commands are only shown. What cannot be put back is always asked first.")
        column.addWidget(text_label(quiet, "quiet"))
        for switch in (self.sounds, self.speech, self.history):
            column.addWidget(switch, 0, _LEFT)
        return column

    def _window(self) -> QVBoxLayout:
        column = _section(tr("Window"))
        grid = QGridLayout()
        for line, (words, widget) in enumerate(
            (
                (tr("Theme"), self.theme),
                (tr("Text size"), self.text_size),
                (tr("Language (from the next start on)"), self.language),
            )
        ):
            grid.addWidget(text_label(words), line, 0)
            grid.addWidget(widget, line, 1)
        grid.setColumnStretch(2, 1)
        column.addLayout(grid)
        column.addWidget(self.overlay, 0, _LEFT)
        column.addWidget(self.autostart, 0, _LEFT)
        column.addLayout(row(self.introduction_button))
        return column

    def _allowed(self) -> QVBoxLayout:
        column = _section(tr("What command files may run"))
        column.addLayout(self._consents)
        self.show_consents()
        return column

    def show_consents(self) -> None:
        """Show what the user has agreed to, each with a button that takes it back."""
        clear_layout(self._consents)
        found = () if self._trust is None else self._trust.consents()
        if not found:
            self._consents.addWidget(text_label(tr("Nothing was allowed so far. You are always asked first."), "quiet"))
        for consent in found:
            line = QWidget()
            label = text_label("\n".join(map(consent_words, consent.lines)), selectable=True)
            button = push_button(tr("Take back"))
            button.setAccessibleName(tr("Take back: {what}", what=label.text()))
            button.clicked.connect(lambda _checked=False, known=consent.content_hash: self._revoke(known))
            layout = row(label, button, stretch_last=True)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setStretch(0, 1)
            layout.setStretch(1, 0)
            line.setLayout(layout)
            self._consents.addWidget(line)

    def _revoke(self, content_hash: str) -> None:
        try:
            if self._trust is not None:
                self._trust.revoke(content_hash)
        except VoiceAssistError as error:
            self.failed.emit(error)
        self.show_consents()

    def _files(self) -> QVBoxLayout:
        column = _section(tr("About"))
        licence = tr("voiceassist {version}, free software under the Apache licence 2.0.", version=__version__)
        column.addWidget(text_label(licence, selectable=True))
        column.addWidget(text_label(tr("Each model names its own licence and sources on the Models page."), "quiet"))
        for words, path in (
            (tr("Settings"), self._paths.settings_file),
            (tr("My commands"), self._paths.user_commands),
            (tr("Models"), self._paths.user_models),
            (tr("Log"), self._paths.log_file),
        ):
            column.addWidget(text_label(f"{words}: {path}", "quiet", selectable=True))
        column.addLayout(row(self.log_button, self.files_button))
        return column

    def _connect(self) -> None:
        for box in (self.push_key, self.theme, self.text_size, self.language):
            box.currentIndexChanged.connect(self._announce)
        for switch in (self.click_toggles, self.act, self.overlay, self.history, self.sounds, self.speech):
            switch.toggled.connect(self._announce)
        self.hotkey.changed.connect(self._announce)
        self.mode.changed.connect(self._announce)
        self.autostart.toggled.connect(self._set_autostart)
        self.introduction_button.clicked.connect(self.introduction_wanted)
        self.log_button.clicked.connect(lambda: self.open_wanted.emit(self._paths.log_file))
        self.files_button.clicked.connect(lambda: self.open_wanted.emit(self._paths.config))

    def _announce(self) -> None:
        settings = replace(
            self.mode.taken_over(self._settings),
            push_key=self.push_key.currentData(),
            hotkey=self.hotkey.value,
            act=self.act.isChecked(),
            click_toggles=self.click_toggles.isChecked(),
            theme=self.theme.currentData(),
            text_percent=self.text_size.currentData(),
            language=self.language.currentData(),
            overlay=self.overlay.isChecked(),
            history=self.history.isChecked(),
            sounds=self.sounds.isChecked(),
            speech=self.speech.isChecked(),
        )
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _set_autostart(self, on: bool) -> None:
        if self._autostart is None:
            return
        try:
            self._autostart.set_enabled(on)
        except OSError as error:
            self.failed.emit(error)


def _section(title: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.addWidget(text_label(title, "heading"))
    return column


def _fill_choice(box: QComboBox, name: str, choices: Mapping[str, str] | Mapping[int, str], chosen: object) -> None:
    box.setAccessibleName(name)
    for value, words in choices.items():
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))

"""The field for a key combination: click, press keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from voiceassist.config.combination import KEYS, parse_combination
from voiceassist.gui.widgets.hotkey_field import _NAMES, HotkeyField

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Page(QWidget):
    """The field with something else beside it, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.other = HotkeyField("ctrl+alt+space"), QPushButton("Other")
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.other)
        self.told: list[object] = []
        self.field.changed.connect(self.told.append)
        self.field.capturing.connect(self.told.append)


@pytest.fixture
def page(qtbot: QtBot, themed: None) -> Page:
    made = Page()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(
    qtbot: QtBot, page: Page, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(page.field.button, key, modifiers)


def test_it_shows_what_is_set(page: Page, qtbot: QtBot) -> None:
    assert page.field.button.text() == "Ctrl+Alt+Space"
    assert page.field.clear_button.isVisible()
    none = HotkeyField("")
    qtbot.addWidget(none)
    none.show()
    assert none.button.text().startswith("None")
    assert not none.clear_button.isVisible()
    assert page.told == []


def test_a_combination_is_taken_from_the_keyboard(qtbot: QtBot, page: Page) -> None:
    page.field.button.click()
    assert page.field.button.text().startswith("Press keys")
    qtbot.keyPress(page.field.button, Qt.Key.Key_Control)
    assert page.field.button.text() == "Ctrl+…"
    press(qtbot, page, Qt.Key.Key_J, CONTROL | SHIFT)
    assert page.told == [True, False, "ctrl+shift+j"]
    assert page.field.value == "ctrl+shift+j"
    assert page.field.button.text() == "Ctrl+Shift+J"
    press(qtbot, page, Qt.Key.Key_K, CONTROL)
    assert page.field.value == "ctrl+shift+j"


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Q, Qt.Key.Key_Return])
def test_keys_that_qt_would_use_itself_are_taken_too(qtbot: QtBot, page: Page, key: Qt.Key) -> None:
    page.field.button.click()
    press(qtbot, page, key, CONTROL | ALT)
    assert parse_combination(page.field.value).key == _NAMES[key.value]
    assert page.field.button.hasFocus()


def test_escape_clears(qtbot: QtBot, page: Page) -> None:
    page.field.button.click()
    press(qtbot, page, Qt.Key.Key_Escape)
    assert page.told == [True, False, ""]
    assert page.field.value == ""


def test_the_button_clears_too(page: Page) -> None:
    page.field.clear_button.click()
    assert page.told == [""]


def test_what_would_be_in_the_way_of_typing_is_refused_with_a_reason(qtbot: QtBot, page: Page) -> None:
    page.field.button.click()
    press(qtbot, page, Qt.Key.Key_A, SHIFT)
    assert page.told == [True, False]
    assert page.field.value == "ctrl+alt+space"
    assert "in the way of typing" in page.field.status.text()
    assert page.field.status.isVisible()


def test_a_second_click_and_losing_the_focus_change_nothing(page: Page) -> None:
    page.field.button.click()
    page.field.button.click()
    assert page.told == [True, False]
    page.field.button.click()
    page.other.setFocus()
    assert page.told == [True, False, True, False]
    assert page.field.button.text() == "Ctrl+Alt+Space"


def test_every_key_can_be_pressed() -> None:
    assert set(_NAMES.values()) == KEYS

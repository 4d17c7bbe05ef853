"""The Microphone page."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from voiceassist.audio.capture import InputDevice
from voiceassist.config.settings import Settings
from voiceassist.gui.pages.microphone import MicrophonePage
from voiceassist.gui.services.tasks import TaskThread

RAW = [InputDevice("hw:0", False, 48_000, 2, 3), InputDevice("default", True, 48_000, 32, 7)]
SERVED = [
    InputDevice("USB Microphone", False, 44_100, 1, 7, "alsa_input.usb"),
    RAW[0],
    InputDevice("default", True, 48_000, 32, 7, leads_to="USB Microphone"),
]


@pytest.mark.parametrize(
    ("devices", "shown"),
    [
        (SERVED, ["System default (USB Microphone)", "USB Microphone"]),
        (RAW, ["System default (default)", "hw:0", "default"]),
    ],
)
def test_microphones_have_their_real_names(qtbot: QtBot, devices: list[InputDevice], shown: list[str]) -> None:
    tasks = TaskThread("test")
    page = MicrophonePage(Settings(), lambda: devices, tasks)
    qtbot.addWidget(page)
    page.refresh_devices()
    qtbot.waitUntil(lambda: page.microphone.count() == len(shown), timeout=20_000)
    assert [page.microphone.itemText(index) for index in range(page.microphone.count())] == shown
    page.close_page()
    tasks.close()


def test_a_name_that_is_too_long_for_the_box_ends_with_dots(qtbot: QtBot) -> None:
    tasks = TaskThread("test")
    name = "Monitor of the built-in analogue stereo output of the second sound card"
    page = MicrophonePage(Settings(microphone=name), list, tasks)
    qtbot.addWidget(page)
    page.microphone.setFixedWidth(200)
    drawn = QStyleOptionComboBox()
    page.microphone.initStyleOption(drawn)
    assert drawn.currentText.endswith("…")
    assert name.startswith(drawn.currentText[:-1])
    assert page.microphone.currentText() == name
    page.microphone.setFixedWidth(2000)
    page.microphone.initStyleOption(drawn)
    assert drawn.currentText == name
    page.close_page()
    tasks.close()

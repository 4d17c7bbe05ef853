"""The Microphone page."""

from __future__ import annotations

import pytest
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

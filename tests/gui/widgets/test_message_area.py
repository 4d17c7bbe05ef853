"""Messages: one at a time, errors wait for their turn, and the page does not move."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from voiceassist.errors import DeviceError, PackError
from voiceassist.gui.widgets.message_area import MessageArea

MICROPHONE = DeviceError("There is no microphone.", hint="plug one in")
PACK = PackError("The model is damaged.", hint="install it again")


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(600, 400)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def messages(page: QWidget) -> MessageArea:
    return MessageArea(page, news_ms=60)


def test_errors_wait_for_each_other_and_stay_until_dismissed(qtbot: QtBot, messages: MessageArea) -> None:
    messages.show_error(MICROPHONE)
    messages.show_error(PACK)
    messages.show_error(PACK)
    assert messages.text == "There is no microphone.\nPlug one in"
    assert messages._more.text() == "1 more"
    qtbot.wait(120)
    messages.dismiss_button.click()
    assert messages.text == "The model is damaged.\nInstall it again"
    messages.dismiss()
    assert not messages.isVisible()
    assert messages.text == ""


def test_news_passes_by_itself_and_gives_way(qtbot: QtBot, messages: MessageArea) -> None:
    messages.show_news("First.")
    messages.show_news("Second.")
    assert messages.text == "Second."
    messages.show_error(PACK)
    assert "damaged" in messages.text
    messages.show_news("Third.")
    messages.show_news("Fourth.")
    messages.dismiss()
    assert messages.text == "Fourth."
    qtbot.waitUntil(lambda: not messages.isVisible())


def test_what_is_right_again_is_taken_away(messages: MessageArea) -> None:
    messages.show_error(PACK)
    messages.show_error(MICROPHONE)
    messages.resolve(DeviceError)
    assert "damaged" in messages.text
    assert not messages._more.isVisible()
    messages.resolve(PackError)
    assert not messages.isVisible()


def test_it_floats_at_the_lower_edge_of_any_window(qtbot: QtBot, page: QWidget, messages: MessageArea) -> None:
    messages.show_error(PackError("Long words. " * 20, hint="read them"))
    for width, height in ((600, 400), (300, 500), (1_200, 300)):
        page.resize(width, height)
        qtbot.waitUntil(lambda: page.rect().contains(messages.geometry()))
        assert messages.geometry().bottom() >= page.height() - 40

"""Messages: one at a time, errors wait for their turn, and nothing is covered."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from voiceassist.errors import DeviceError, PackError
from voiceassist.gui.widgets.message_area import MessageArea

MICROPHONE = DeviceError("There is no microphone.", hint="plug one in")
PACK = PackError("The model is damaged.", hint="install it again")


@pytest.fixture
def messages(qtbot: QtBot) -> MessageArea:
    made = MessageArea(news_ms=60)
    qtbot.addWidget(made)
    return made


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

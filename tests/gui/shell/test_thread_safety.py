"""What the window gives to other threads owns no Qt object: such an object must not end there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from gc import get_referents
from types import FunctionType, ModuleType
from typing import Any

import pytest
from gui_fakes import SHUT_DOWN, FakeServices, recognition
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from voiceassist.domain import Verdict
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.shell.remote import RemoteControl

Open = Callable[[], MainWindow]


def owned(given: object) -> Iterator[object]:
    """Everything that would live on if this were the last reference to it."""
    seen: set[int] = set()
    waiting = [given]
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, type | ModuleType):
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, FunctionType):
            waiting += [*(found.__closure__ or ()), *(found.__defaults__ or ())]  # not the globals
        else:
            waiting += get_referents(found)


def qt_objects(given: object) -> list[object]:
    return [found for found in owned(given) if isinstance(found, QObject)]


class Teller(QObject):
    def tell(self) -> None: ...


@pytest.mark.parametrize(
    "hold",
    [
        lambda teller: teller.tell,
        lambda teller: lambda: [teller.tell()],
        lambda teller: partial(print, teller),
        lambda teller: {"label": [teller]},
    ],
)
def test_an_owner_is_found(hold: Callable[[Teller], Any], qapp: object) -> None:
    teller = Teller()
    assert qt_objects(hold(teller)) == [teller]
    assert qt_objects(teller.destroyed.emit) == []


def test_callbacks_of_other_threads_own_no_qt_object(
    qtbot: QtBot, open_window: Open, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.settings = fakes.settings.__class__(introduced=True, hotkey="ctrl+alt+space")
    shown: list[dict[str, Callable[[], None]]] = []
    fakes.notify = lambda _title, _text, buttons: shown.append(buttons)
    monkeypatch.setattr("voiceassist.gui.shell.follow_up.overlay_possible", lambda: False)
    window = open_window()
    window.hide()
    qtbot.waitUntil(lambda: bool(fakes.hotkeys))
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0]
    remote = RemoteControl(window, window)
    given = {
        "hooks": fakes.hooks,
        "hotkey": [key.events for key in fakes.hotkeys],
        "buttons of a notification": shown,
        "announcements": fakes.announce,
        "changed commands": fakes.followers,
        "requests of another call": remote.answer,
    }
    remote.close()
    assert {name for name, what in given.items() if qt_objects(what)} == set()


def test_announcements_end_with_the_window(open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    assert fakes.announce[-1] is not None
    window.shut_down()
    assert fakes.announce[-1] is None

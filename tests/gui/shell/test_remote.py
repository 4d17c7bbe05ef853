"""What another call of the program asks for is done by the window, on its main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from gui_fakes import FakeServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from voiceassist.engine.events import ListenState
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.shell.remote import RemoteControl, talk_words
from voiceassist.ipc.messages import Reply, Request, Verb

Open = Callable[[], MainWindow]


def ask(qtbot: QtBot, remote: RemoteControl, verb: Verb) -> Reply:
    """Ask from another thread, as the socket does."""
    with ThreadPoolExecutor(1) as caller:
        reply: Future[Reply] = caller.submit(remote.answer, Request(verb))
        qtbot.waitUntil(reply.done)
    return reply.result()


def test_it_is_held_released_and_dropped(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    remote = RemoteControl(window)
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)
    assert ask(qtbot, remote, Verb.HOLD) == Reply(True, "listening until --release")
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.HEARING)
    assert ask(qtbot, remote, Verb.RELEASE) == Reply(True, "that was all")
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)
    assert ask(qtbot, remote, Verb.TOGGLE) == Reply(True, "listening for a command")
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.LISTENING)
    assert ask(qtbot, remote, Verb.CANCEL) == Reply(True, "dropped")
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)


def test_the_window_comes_forward(qtbot: QtBot, open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    window = open_window()
    window.showMinimized()
    window.hide()
    assert ask(qtbot, RemoteControl(window), Verb.SHOW).ok
    assert window.isVisible()
    assert not window.isMinimized()


def test_it_ends_after_the_answer(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    assert ask(qtbot, RemoteControl(window), Verb.QUIT) == Reply(True, "voiceassist ends")
    qtbot.waitUntil(lambda: not window.bridge.ready)


def test_without_a_model_it_says_so(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.missing_models.add("shared-int8")
    reply = ask(qtbot, RemoteControl(open_window()), Verb.TOGGLE)
    assert not reply.ok
    assert "no model" in reply.text


def test_a_request_that_times_out_is_not_carried_out(open_window: Open) -> None:
    window = open_window()
    window.hide()
    remote = RemoteControl(window, timeout_s=0.05)
    with ThreadPoolExecutor(1) as caller:
        reply = caller.submit(remote.answer, Request(Verb.SHOW)).result()  # the main thread is busy: it waits here
    assert not reply.ok
    assert "busy" in reply.text
    QApplication.processEvents()
    assert not window.isVisible()


def test_who_waits_at_the_end_is_told(open_window: Open) -> None:
    remote = RemoteControl(open_window())
    replies: list[Reply] = []
    caller = threading.Thread(target=lambda: replies.append(remote.answer(Request(Verb.TOGGLE))))
    caller.start()
    while not remote._inbox._waiting:
        caller.join(0.01)
    remote.close()
    caller.join()
    assert remote.answer(Request(Verb.TOGGLE)) == Reply(False, "voiceassist is just ending")
    assert replies == [Reply(False, "voiceassist is just ending")]


@pytest.mark.parametrize(
    ("verb", "state", "always", "words"),
    [
        (Verb.TOGGLE, ListenState.IDLE, False, "listening for a command"),
        (Verb.TOGGLE, ListenState.WAITING, False, "listening for a command"),
        (Verb.TOGGLE, ListenState.ASLEEP, False, "listening for a command"),
        (Verb.TOGGLE, ListenState.HEARING, False, "that was all"),
        (Verb.TOGGLE, ListenState.LISTENING, True, "asleep"),
        (Verb.TOGGLE, ListenState.ASLEEP, True, "listening"),
        (Verb.TOGGLE, ListenState.STARTING, False, "the microphone is getting ready"),
        (Verb.HOLD, None, False, "the microphone is getting ready"),
        (Verb.CANCEL, ListenState.STARTING, False, "dropped"),
    ],
)
def test_the_answer_says_what_comes_of_it(verb: Verb, state: ListenState | None, always: bool, words: str) -> None:
    assert talk_words(verb, state, always=always) == words

"""Requests of a second process (``voiceassist --toggle``), carried out on the main thread."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from voiceassist.engine.events import ListenState
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.ipc.messages import Reply, Request, Verb

_LOG = logging.getLogger(__name__)

_TIMEOUT_S = 3.0
_ENDING = Reply(ok=False, text="voiceassist is just ending")
_BUSY = Reply(ok=False, text="voiceassist is busy and did nothing; try again in a moment")
_NO_MODEL = Reply(
    ok=False,
    text="voiceassist has no model loaded yet and did nothing; try again in a moment, or look at Models in its window",
)
_TALKS = {ListenState.LISTENING, ListenState.HEARING}


class WindowLike(Protocol):
    """The part of the window that requests need."""

    bridge: EngineBridge

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        ...

    def leave(self) -> None:
        """End the program."""
        ...


@dataclass(frozen=True, eq=False)
class _PendingRequest:
    request: Request
    answer: Future[Reply]


class _Inbox:
    """Takes requests on any thread; holds no Qt object."""

    def __init__(self, tell: Callable[[_PendingRequest], None], timeout_s: float) -> None:
        self._tell, self._timeout_s = tell, timeout_s
        self._gate = threading.Lock()
        self._waiting: set[Future[Reply]] = set()
        self._closed = False

    def answer(self, request: Request) -> Reply:
        """Carry out a request and wait for the reply. Thread: any but the main thread, which it waits for."""
        answer: Future[Reply] = Future()
        with self._gate:
            if self._closed:
                return _ENDING
            self._waiting.add(answer)
            self._tell(_PendingRequest(request, answer))
        try:
            return answer.result(self._timeout_s)
        except FutureTimeoutError:
            return _BUSY if answer.cancel() else answer.result()
        except CancelledError:
            return _ENDING
        finally:
            with self._gate:
                self._waiting.discard(answer)

    def close(self) -> None:
        """Refuse further requests and release the waiting ones. May be called twice."""
        with self._gate:
            self._closed = True
            for answer in self._waiting:
                answer.cancel()


class RemoteControl(QObject):
    """Runs requests of other threads on the main thread. A request that times out before it starts is dropped.

    Attributes:
        answer: carries out a request and waits for the reply; for any thread but the main one.
    """

    _arrived = Signal(object)

    def __init__(self, window: WindowLike, parent: QObject | None = None, *, timeout_s: float = _TIMEOUT_S) -> None:
        super().__init__(parent)
        self._window = window
        self._inbox = _Inbox(self._arrived.emit, timeout_s)
        self.answer = self._inbox.answer
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Refuse further requests and release the waiting ones. May be called twice."""
        self._inbox.close()

    def _take(self, asked: _PendingRequest) -> None:
        if asked.answer.set_running_or_notify_cancel():
            try:
                asked.answer.set_result(self._carry_out(asked.request))
            except Exception as error:  # noqa: BLE001 - whoever waits for the answer is told instead
                _LOG.exception("%s failed", asked.request.verb)
                asked.answer.set_exception(error.with_traceback(None))  # that would hold this object and the window

    def _carry_out(self, request: Request) -> Reply:
        if request.verb is Verb.SHOW:
            # qt reads the permission to come to the front from the environment
            if request.activation:
                os.environ["XDG_ACTIVATION_TOKEN"] = request.activation
            self._window.come_forward()
            return Reply(ok=True, text="the window is shown")
        if request.verb is Verb.QUIT:
            QTimer.singleShot(0, self._window.leave)  # after the answer
            return Reply(ok=True, text="voiceassist ends")
        bridge = self._window.bridge
        if not bridge.ready:
            return _NO_MODEL
        words = talk_words(request.verb, bridge.state, always=bridge.settings.listen_mode == "open")
        {
            Verb.TOGGLE: bridge.toggle,
            Verb.HOLD: bridge.press,
            Verb.RELEASE: bridge.release,
            Verb.CANCEL: bridge.cancel,
        }[request.verb]()
        return Reply(ok=True, text=words)


def talk_words(verb: Verb, state: ListenState | None, *, always: bool) -> str:
    """The reply to a request, given the state in which it arrives."""
    if verb is Verb.CANCEL:
        return "dropped"
    if state in (None, ListenState.STARTING):
        return "the microphone is getting ready"
    if verb is Verb.RELEASE:
        return "that was all"
    if verb is Verb.HOLD:
        return "listening until --release"
    if always:
        return "listening" if state is ListenState.ASLEEP else "asleep"
    return "that was all" if state in _TALKS else "listening for a command"

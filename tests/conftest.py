"""What all tests share."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

from voiceassist.actions.registry import ActionRegistry

# The machine is shared: how long something takes says nothing about the code.
settings.register_profile("voiceassist", deadline=None)
settings.load_profile("voiceassist")
for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
    wait.__kwdefaults__["timeout"] = 30_000

_OUR_THREADS = ("voiceassist-", "actions", "timers", "feedback", "notifications", "ThreadPoolExecutor")
_ENDS_BY_ITSELF = "voiceassist-watchdog"


@pytest.fixture(autouse=True)
def qt_objects_end_on_the_main_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """No collection on another thread while a test has Qt objects; see `voiceassist.gui.services.garbage`."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def no_thread_is_left_behind() -> Iterator[None]:
    """Closes the registries that a test makes, and fails the test that leaves a thread of its own to those after it."""
    before = set(threading.enumerate())
    registries: list[ActionRegistry] = []
    make = ActionRegistry.__init__

    def remember(registry: ActionRegistry, *arguments: Any, **named: Any) -> None:
        registries.append(registry)
        make(registry, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActionRegistry, "__init__", remember)
        yield
    for registry in registries:
        registry.close()
    end_at_s = time.monotonic() + 10
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith(_ENDS_BY_ITSELF) or (thread.daemon and not thread.name.startswith(_OUR_THREADS)):
            continue
        thread.join(max(0.0, end_at_s - time.monotonic()))
        assert not thread.is_alive(), f"the test leaves the thread {thread.name} behind"

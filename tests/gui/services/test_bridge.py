"""The bridge between the engine's thread and the window."""

from __future__ import annotations

from gui_fakes import FakeServices
from PySide6.QtWidgets import QApplication

from voiceassist.engine.events import Hooks
from voiceassist.gui.services.bridge import EngineBridge


def test_a_level_that_looks_the_same_wakes_no_window(qapp: QApplication, fakes: FakeServices) -> None:
    hooks: list[Hooks] = []

    def keep_hooks(pipeline: object, given: Hooks, settings: object) -> object:
        hooks.append(given)
        return fakes.make_runner(pipeline, Hooks(), settings)

    bridge = EngineBridge(keep_hooks, fakes.settings)
    told: list[float] = []
    bridge.level_changed.connect(told.append)
    bridge.start(fakes.make_pipeline("shared-int8"), fakes.settings)
    try:
        for level_db in (-120.0, -75.0, float("-inf"), -59.5, -20.0, -20.6, -19.2, -31.0, -90.0):
            hooks[0].on_level(level_db)
    finally:
        bridge.close()
    assert told == [-20.0, -31.0, -60.0]

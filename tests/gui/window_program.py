"""A window with fake services as a program of its own, for tests that look at it from outside."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from gui_fakes import RINGS, TIMER, FakeServices, recognition
from PySide6.QtCore import QTimer

from voiceassist.domain import Verdict
from voiceassist.gui.app import make_application
from voiceassist.gui.shell.main_window import MainWindow


def main() -> None:
    fakes = FakeServices(Path(tempfile.mkdtemp()))
    app = make_application(fakes.settings, fakes.paths().assets)
    window = MainWindow(fakes.services())
    window.show()
    window.begin()
    QTimer.singleShot(1_500, lambda: window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS)))
    QTimer.singleShot(1_000 * int(sys.argv[1]), window.leave)
    window.shut.connect(app.quit)
    app.exec()


if __name__ == "__main__":
    main()

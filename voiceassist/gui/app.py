"""The graphical program from start to end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtWidgets import QApplication

from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.interfaces import GuiServices
from voiceassist.gui.shell.interrupts import Interrupts
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.shell.remote import RemoteControl
from voiceassist.gui.shell.tray import Tray, tray_available
from voiceassist.gui.smoke import SmokeTest, to_line
from voiceassist.gui.widgets.theme import apply_theme, system_theme

_LOG = logging.getLogger(__name__)


def run(services: GuiServices, *, hidden: bool = False, smoke_test: bool = False) -> int:
    """Show the window, or the tray icon alone, until the user leaves.

    Args:
        services: everything that the window needs.
        hidden: start in the tray; where there is none the window is shown.
        smoke_test: recognise a sample, write one line of JSON to standard output and leave.

    Returns:
        The exit status: 0, or 1 if the smoke test failed.
    """
    app = _application(services.paths.assets)
    window = MainWindow(services)
    interrupts = Interrupts(window.leave, window)
    remote = RemoteControl(window, window)
    window.shut.connect(_leave_loop)
    with _unexpected_errors(window) as unexpected:
        try:
            if smoke_test:
                return _run_smoke_test(app, window, services, unexpected)
            _show(window, services, hidden=hidden)
            window.begin()
            _serve(window, services, remote)
            return app.exec()
        finally:
            window.shut.disconnect(_leave_loop)  # an exit without a loop would end the next one at once
            remote.close()
            window.shut_down()
            interrupts.close()
            window.deleteLater()


def _leave_loop() -> None:
    QApplication.exit(0)


def _application(assets: Path) -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["voiceassist"])
    app.setApplicationName("voiceassist")
    app.setApplicationDisplayName("voiceassist")
    app.setDesktopFileName("voiceassist")
    app.setQuitOnLastWindowClosed(False)  # the window says itself when it is done: it may live in the tray
    apply_theme(app, system_theme(), assets)
    app.styleHints().colorSchemeChanged.connect(lambda _: apply_theme(app, system_theme(), assets))
    return app


def _show(window: MainWindow, services: GuiServices, *, hidden: bool) -> None:
    has_tray = tray_available()
    if has_tray:
        Tray(window, services.settings, services.paths.assets).show()
    if not (hidden and has_tray):
        window.show()


def _serve(window: MainWindow, services: GuiServices, remote: RemoteControl) -> None:
    if services.serve is None:
        return
    try:
        services.serve(remote.answer)
    except VoiceAssistError as error:
        window.show_error(error)


def _run_smoke_test(app: QApplication, window: MainWindow, services: GuiServices, unexpected: list[Any]) -> int:
    def finish(result: dict[str, Any], exit_code: int) -> None:
        if sys.stdout is not None:  # a windowed bundle has none on some systems
            sys.stdout.write(to_line(result))
            sys.stdout.flush()
        app.exit(exit_code)

    test = SmokeTest(window, services, finish)
    unexpected.append(test.fail)
    window.show()
    test.start()
    try:
        return app.exec()
    finally:
        test.close()


@contextmanager
def _unexpected_errors(window: MainWindow) -> Iterator[list[Any]]:
    """Errors that nobody expected go to the log, to the banner and to whoever adds itself to the list."""
    listeners: list[Any] = [window.show_error]
    old = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            old(kind, error, trace)
            return
        _LOG.error("Unexpected error in the window", exc_info=(kind, error, trace))
        for listener in listeners:
            listener(error)

    sys.excepthook = hook
    try:
        yield listeners
    finally:
        sys.excepthook = old

"""The graphical program from start to end."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from voiceassist.config.settings import Settings
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.interfaces import GuiServices
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.shell.remote import RemoteControl
from voiceassist.gui.shell.tray import Tray, tray_available
from voiceassist.gui.translation import install_translation
from voiceassist.gui.widgets.theme import apply_theme, theme_of

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STYLED = "voiceassistStyle"
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
    app = make_application(services.settings, services.paths.assets)
    window = MainWindow(services)
    interrupts = Interrupts(window.leave, window)
    remote = RemoteControl(window, window)
    app.styleHints().colorSchemeChanged.connect(window.follow_color_scheme)
    window.shut.connect(_leave_loop)
    window.settings_changed.connect(lambda settings: _style(app, settings, services.paths.assets))
    with _unexpected_errors(window) as unexpected:
        try:
            if smoke_test:
                return _run_smoke_test(app, window, services, unexpected)
            has_tray = tray_available()
            if has_tray:
                Tray(window, services.settings, services.paths.assets).show()
            if not (hidden and has_tray):
                window.show()
            window.begin()
            if services.serve is not None:
                try:
                    services.serve(remote.answer)
                except VoiceAssistError as error:
                    window.show_error(error)
            return app.exec()
        finally:
            window.shut.disconnect(_leave_loop)  # an exit without a loop would end the next one at once
            remote.close()
            window.shut_down()
            interrupts.close()
            window.deleteLater()


def _leave_loop() -> None:
    QApplication.exit(0)


def make_application(settings: Settings, assets: Path) -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["voiceassist"])
    app.setApplicationName("voiceassist")
    app.setApplicationDisplayName("voiceassist")
    app.setDesktopFileName("voiceassist")
    app.setQuitOnLastWindowClosed(False)  # the window says itself when it is done: it may live in the tray
    install_translation(app, settings.language, assets)
    _style(app, settings, assets)
    return app


def _style(app: QApplication, settings: Settings, assets: Path) -> None:
    """Apply theme and text size where they have changed; that restyles every widget and takes its time."""
    theme = theme_of(settings.theme)
    wanted = f"{theme.name} {settings.text_percent}"
    if app.property(_STYLED) != wanted:
        app.setProperty(_STYLED, wanted)
        apply_theme(app, theme, assets, settings.text_percent)


def _run_smoke_test(app: QApplication, window: MainWindow, services: GuiServices, unexpected: list[Any]) -> int:
    from voiceassist.gui.smoke import SmokeTest, to_line  # noqa: PLC0415 - only the test of a bundle needs it

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
    """Send unexpected errors to the log, to the window and to whoever adds itself to the list."""
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


class Interrupts(QObject):
    """Calls a function on the main thread when the process is asked to end, although Qt's loop runs in C++.

    Restores the old handlers on close.
    """

    def __init__(self, leave: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leave = leave
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._handle) for number in _SIGNALS}

    def close(self) -> None:
        """Put everything back as it was."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _drain(self) -> None:
        # Reading is all: Python runs the handler as soon as it is back in bytecode, which it is here.
        self._reader.recv(64)

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 (the signature of a handler)
        self._leave()

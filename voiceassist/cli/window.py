"""Opens the window: draws it first, and loads the engine beside it."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Self

from voiceassist.cli.faults import ending_in_time
from voiceassist.config.settings import Settings, SettingsFile
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.gui.app import run
from voiceassist.gui.services.autostart import default_autostart
from voiceassist.gui.services.interfaces import EngineServices, GuiServices
from voiceassist.ipc.instance import Instance
from voiceassist.paths import Paths, default_paths

if TYPE_CHECKING:
    from voiceassist.actions.feedback import Feedback

_GENERATIONS_TO_A_FULL_COLLECTION = 1_000
_SWITCH_S = 0.001
_MAX_LOG_BYTES = 500_000
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_window(options: argparse.Namespace) -> int:
    """Opens the window, or the tray icon alone with ``--hidden``."""
    instance: Instance | None = getattr(options, "instance", None)
    paths = default_paths()
    with log_to_file(paths.log_file), Installation(paths) as installation:
        return run(
            installation.services(instance),
            hidden=options.hidden,
            smoke_test=options.smoke_test,
        )


class Installation:
    """Settings and consents at once, the engine on demand; closes what the engine has opened.

    Args:
        paths: where things live.
        change: changes the settings that were read, for tests and measurements.
    """

    def __init__(self, paths: Paths, change: Callable[[Settings], Settings] = lambda settings: settings) -> None:
        self.paths = paths
        self.file = SettingsFile(paths.settings_file)
        self.file.now = change(self.file.now)
        self.trust = TrustStore(paths.data / TRUST_FILE)
        self.announcer = Announcer()
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        # The window collects garbage; what is left of it is collected at the end here, and not on another thread.
        if gc.isenabled():
            self._opened.callback(gc.enable)
        gc.disable()
        self._opened.callback(gc.collect)
        # A full collection looks at every object and holds all threads for a tenth of a second.
        self._opened.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(*gc.get_threshold()[:2], _GENERATIONS_TO_A_FULL_COLLECTION)
        # While something is compiled, the main thread waits this long after every call into Qt that lets others run.
        self._opened.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(_SWITCH_S)
        return self

    def __exit__(self, *details: object) -> None:
        self._opened.close()

    def services(self, instance: Instance | None = None) -> GuiServices:
        """What the window needs to be drawn."""
        return GuiServices(
            settings=self.file.now,
            paths=self.paths,
            save_settings=self._store,
            connect=self._connect,
            serve=None if instance is None else lambda answer: instance.serve(ending_in_time(answer)),
            listen_to_announcements=self.announcer.listen,
            autostart=default_autostart(),
            trust=self.trust,
            problem=self.file.problem,
        )

    def _connect(self) -> EngineServices:
        """Thread: the window's loading thread."""
        services: EngineServices = import_module("voiceassist.cli.window_engine").connect(self, self._opened)
        return services

    def _store(self, settings: Settings) -> None:
        if self.announcer.feedback is not None:
            self.announcer.feedback.sounds_on, self.announcer.feedback.speech_on = settings.sounds, settings.speech
        self.file.store(settings)


class _PrivateLogFile(RotatingFileHandler):
    """A log file that only its user can read, limited in size; nothing that was said is logged."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter(_LOG_FORMAT))
        self.setLevel(logging.WARNING)

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(descriptor, "a", encoding="utf-8")  # noqa: PTH123 - opened by its descriptor


@contextmanager
def log_to_file(path: Path) -> Iterator[None]:
    """Write warnings and errors to a file as well. If the file cannot be written, a warning is logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        handler = _PrivateLogFile(path)
    except OSError as error:
        logging.getLogger(__name__).warning("there is no log file: %s", error)
        yield
        return
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class Announcer:
    """Forwards later messages of actions (a timer that rings) to the window, once it exists."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listener: Callable[[str], None] | None = None
        self._waiting: list[str] = []
        self.feedback: Feedback | None = None

    def __call__(self, text: str) -> None:
        if self.feedback is not None:
            self.feedback.announced(text)
        with self._lock:
            if self._listener is None:
                self._waiting.append(text)  # missed timers ring before the window exists
            else:
                self._listener(text)

    def listen(self, listener: Callable[[str], None] | None) -> None:
        """Forward to a window, or to none: once this returns, the one before is not called any more."""
        with self._lock:
            self._listener = listener
            while listener is not None and self._waiting:
                listener(self._waiting.pop(0))

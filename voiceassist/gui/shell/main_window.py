"""The main window: the pages, the banner, and who owns what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from voiceassist.config.settings import Settings
from voiceassist.engine.runner import ListenState, PipelineLike
from voiceassist.errors import DeviceError, VoiceAssistError
from voiceassist.gui.pages.commands import CommandsPage
from voiceassist.gui.pages.models.page import ModelsPage
from voiceassist.gui.pages.settings import SettingsPage
from voiceassist.gui.pages.speak import SpeakPage
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.services.interfaces import CommandView, GuiServices
from voiceassist.gui.services.pack_loading import load_proven
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.shell.hotkey_control import HotkeyControl
from voiceassist.gui.shell.push_key import PushKey
from voiceassist.gui.shell.undo_control import UndoControl
from voiceassist.gui.widgets.controls import Banner
from voiceassist.gui.widgets.icons import application_icon
from voiceassist.gui.widgets.theme import SPACE_PX

_MIN_SIZE = QSize(480, 520)
_DEFAULT_SIZE = QSize(1120, 740)
_HEARS = frozenset({ListenState.IDLE, ListenState.LISTENING, ListenState.HEARING})
_STOPS_LISTENING = ("microphone", "act", "wake_phrase", "stay_open_s")


class MainWindow(QMainWindow):
    """Owns the bridge and the task threads; :meth:`shut_down` ends them all."""

    announced = Signal(str)
    """Something that an action says later; emitted from any thread."""
    settings_changed = Signal(object)
    went_to_tray = Signal()
    """The window was closed and the program goes on."""
    shut = Signal()

    def __init__(self, services: GuiServices) -> None:
        super().__init__()
        self._services = services
        self._settings = services.settings
        self._is_shut = False
        self._stop_following: Callable[[], None] = lambda: None
        self.hides_on_close = False
        self.bridge = EngineBridge(services.make_runner, services.settings, self)
        self._load_tasks = TaskThread("voiceassist-load", self)
        self._pack_tasks = TaskThread("voiceassist-packs", self)
        self.banner = Banner()
        self._error: VoiceAssistError | None = None
        self.speak = SpeakPage(self.bridge, services.settings)
        self.commands = CommandsPage(
            CommandView(services.commands, services.command_problems), services.paths.user_commands, services.understand
        )
        self.models = ModelsPage(services.pack_store, services.measure, services.settings.model, self._pack_tasks)
        self.settings = SettingsPage(
            services.settings, services.list_devices, self._load_tasks, services.test_microphone
        )
        self._push_key = PushKey(self._press, self.bridge.key_up)
        self._push_key.set_key(services.settings.push_key)
        self.hotkey = HotkeyControl(services.make_hotkey, self.settings.hotkey, self)
        self._undo = UndoControl(services.undo, self.speak.card, self)
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()

    def begin(self) -> None:
        """Load the model and read what the pages show, all beside the main thread."""
        self._load_tasks.submit(
            lambda: self._services.make_pipeline(self._settings.model),
            done=self._start_bridge,
            failed=self._fail_load,
            discard=_close_pipeline,
        )
        self.models.reload()
        self.hotkey.use(self._settings.hotkey)

    def use_model(self, name: str) -> None:
        """Switch to another model; the old one listens until the new one has decoded a clip."""
        self.models.set_switching(True)
        self._load_tasks.submit(
            lambda: load_proven(self._services, name),
            done=lambda pipeline: self._switch(name, pipeline),
            failed=self._keep_model,
            discard=_close_pipeline,
        )

    def show_error(self, error: VoiceAssistError | Exception) -> None:
        """Show an error in the banner."""
        self._error = error if isinstance(error, VoiceAssistError) else None
        self.banner.show_error(error)

    def show_news(self, message: str) -> None:
        """Show something that is no error in the banner."""
        self._error = None
        self.banner.show_news(message)

    def shut_down(self) -> None:
        """End every thread, close microphone and model. Safe to call twice."""
        if self._is_shut:
            return
        self._is_shut = True
        self._push_key.let_go()
        self.hotkey.close()
        self._undo.close()
        self._stop_following()
        self.models.cancel()
        self._pack_tasks.close()
        self._load_tasks.close()
        self.bridge.close()
        self.shut.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Hide where a tray icon can bring the window back, else end everything."""
        if self.hides_on_close and not self._is_shut:
            event.ignore()
            self.hide()
            self.went_to_tray.emit()
            return
        self.shut_down()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Push to talk by key, on every page."""
        if not self._push_key.pressed(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """End of push to talk by key."""
        if not self._push_key.released(event):
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Let go of the key when another window takes the focus: its release would never be seen."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._push_key.let_go()
        super().changeEvent(event)

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def forget_tray_hint(self) -> None:
        """The user knows by now where the window goes."""
        self._store(replace(self._settings, tray_hint=False))

    def set_listening(self, always: bool) -> None:
        """Open microphone on or off, from the tray: the same as the choice in Settings."""
        (self.settings.open if always else self.settings.push).setChecked(True)

    def _lay_out(self) -> None:
        self.setWindowTitle("voiceassist")
        self.setWindowIcon(application_icon(self._services.paths.assets))
        self.setMinimumSize(_MIN_SIZE)
        self.resize(_DEFAULT_SIZE)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.tabBar().setDrawBase(False)
        pages = {"&Speak": self.speak, "&Commands": self.commands, "&Models": self.models, "S&ettings": self.settings}
        for title, page in pages.items():
            self.tabs.addTab(page, title)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, SPACE_PX, 0, 0)
        layout.setSpacing(SPACE_PX)
        strip = QVBoxLayout()
        strip.setContentsMargins(2 * SPACE_PX, 0, 2 * SPACE_PX, 0)
        strip.addWidget(self.banner)
        layout.addLayout(strip)
        layout.addWidget(self.tabs, 1)
        self.setCentralWidget(inner)
        leave = QAction("Quit", self)
        leave.setShortcut(QKeySequence(QKeySequence.StandardKey.Quit))
        leave.triggered.connect(self.leave)
        self.addAction(leave)

    def leave(self) -> None:
        """End the program, tray or not."""
        self.shut_down()
        self.close()

    def _connect(self) -> None:
        self.bridge.failed.connect(self.show_error)
        self.bridge.state_changed.connect(self._clear_device_error)
        self.bridge.level_changed.connect(self.settings.show_level)
        self.bridge.state_changed.connect(self.settings.show_state)
        self.hotkey.pressed.connect(self._press)
        self.hotkey.released.connect(self.bridge.key_up)
        self._undo.failed.connect(self.show_error)
        self.models.failed.connect(self.show_error)
        self.models.news.connect(self.show_news)
        self.models.use_wanted.connect(self.use_model)
        self.settings.failed.connect(self.show_error)
        self.settings.changed.connect(self._change_settings)
        self.settings.testing.connect(self.bridge.deafen)
        self.tabs.currentChanged.connect(self._open_page)
        self.commands.news.connect(self.show_news)
        self.commands.tell_problems()
        if self._services.follow_commands is not None:
            self._stop_following = self._services.follow_commands(self.commands.arrived.emit)
        self.announced.connect(self.show_news)
        if self._services.listen_to_announcements is not None:
            self._services.listen_to_announcements(self.announced.emit)

    def _press(self) -> None:
        self.tabs.setCurrentWidget(self.speak)
        self.bridge.key_down()

    def _open_page(self) -> None:
        if self.tabs.currentWidget() is self.settings:
            self.settings.refresh_devices()

    def _start_bridge(self, pipeline: PipelineLike) -> None:
        self.bridge.start(pipeline, self._settings)
        if self.tabs.currentWidget() is self.speak and not self.speak.command_line.hasFocus():
            self.speak.talk_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail_load(self, error: VoiceAssistError) -> None:
        self.speak.show_no_model()
        self.show_error(error)

    def _switch(self, name: str, pipeline: PipelineLike) -> None:
        self.bridge.use(pipeline)
        self.models.set_switching(False)
        self.models.set_active(name)
        self._store(replace(self._settings, model=name))
        self.show_news(f"{name} listens now.")

    def _keep_model(self, error: VoiceAssistError) -> None:
        self.models.set_switching(False)
        self.show_error(error)

    def _change_settings(self, settings: Settings) -> None:
        old, self._settings = self._settings, settings
        self._push_key.set_key(settings.push_key)
        self.hotkey.use(settings.hotkey)
        self._store(settings)
        if any(getattr(old, name) != getattr(settings, name) for name in _STOPS_LISTENING):
            self.begin()
        elif old.listen_mode != settings.listen_mode and "wake" in (old.listen_mode, settings.listen_mode):
            self.begin()  # the wake phrase comes into the commands, or leaves them
        elif old.listen_mode != settings.listen_mode:
            self.bridge.apply_settings(settings)

    def _store(self, settings: Settings) -> None:
        self._settings = settings
        self.speak.apply_settings(settings)
        self.settings.apply_settings(settings)
        self.settings_changed.emit(settings)
        try:
            self._services.save_settings(settings)
        except VoiceAssistError as error:
            self.show_error(error)

    def _clear_device_error(self, state: ListenState) -> None:
        if state in _HEARS and isinstance(self._error, DeviceError):
            self._error = None
            self.banner.clear()


def _close_pipeline(pipeline: PipelineLike) -> None:
    pipeline.close()

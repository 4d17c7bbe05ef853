"""The main window: what it shows in front of the others, its keys, and who owns what."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMainWindow, QPushButton, QScrollArea, QVBoxLayout, QWidget

from voiceassist.config.files import read_untrusted, write_atomically
from voiceassist.config.settings import Settings
from voiceassist.engine.events import ListenState
from voiceassist.errors import DeviceError, VoiceAssistError
from voiceassist.gui.services.interfaces import EngineServices, GuiServices
from voiceassist.gui.shell.engine_control import EngineControl
from voiceassist.gui.shell.follow_up import FollowUp
from voiceassist.gui.shell.pages import Pages
from voiceassist.gui.shell.talk_keys import HotkeyControl, PushKey
from voiceassist.gui.translation import shown, tr
from voiceassist.gui.widgets.icons import application_icon
from voiceassist.gui.widgets.message_area import MessageArea

_MIN_SIZE = QSize(420, 250)
_DEFAULT_SIZE = QSize(1080, 720)
_MAX_GEOMETRY_BYTES = 10_000
_MARGIN_PX = 48
"""Room for the title bar and a panel around a window that is as large as the screen allows."""
_HEARS = frozenset({ListenState.IDLE, ListenState.LISTENING, ListenState.HEARING})

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Owns the settings in force and every part of the window; :meth:`shut_down` ends all their threads."""

    announced = Signal(object)
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
        self.hides_on_close = False
        self.engine = EngineControl(services, self)
        self.bridge = self.engine.bridge
        self.hotkey = HotkeyControl(self)
        self._push_key = PushKey(self._press, self.bridge.key_up)
        self._push_key.set_key(services.settings.push_key)
        self.pages = Pages(services, self.engine, self.hotkey, self)
        self.follow_up = FollowUp(self, self.pages, self.engine, services.settings, services.trust)
        self.messages: MessageArea
        self._lay_out()
        self._connect()

    def begin(self) -> None:
        """Load the engine and the model, beside the main thread."""
        self.engine.connected.connect(lambda _: self.engine.load(self._settings.model))
        self.engine.connect_services()
        if self._services.problem is not None:
            self.show_error(self._services.problem)

    def show_error(self, error: VoiceAssistError | Exception) -> None:
        """Show an error until it is dismissed."""
        self.messages.show_error(error)

    def show_news(self, message: str) -> None:
        """Show something that is no error for a few seconds."""
        self.messages.show_news(shown(message))

    def open_path(self, path: Path) -> None:
        """Open a file or folder in the desktop's program for it, or say why that is not possible."""
        if not path.exists():
            self.show_news(tr("There is nothing there yet: {path}", path=path))
        elif not any(QDesktopServices.openUrl(QUrl.fromLocalFile(str(opened))) for opened in (path, path.parent)):
            self.show_news(tr("The desktop has no program to open it with: {path}", path=path))

    def shut_down(self) -> None:
        """End every thread, close microphone and model. Safe to call twice."""
        if self._is_shut:
            return
        self._is_shut = True
        self._keep_geometry()
        if self._services.listen_to_announcements is not None:
            self._services.listen_to_announcements(None)
        self._push_key.let_go()
        self.hotkey.close()
        self.follow_up.close()
        self.pages.close()
        self.engine.close()
        self.shut.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Hide where a tray icon can bring the window back, else end everything."""
        if self.hides_on_close and not self._is_shut:
            event.ignore()
            self._keep_geometry()
            self.hide()
            self.went_to_tray.emit()
            return
        self.shut_down()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Push to talk by key on every page, Enter for the button that has the focus, and a command that is typed."""
        if self._push_key.pressed(event):
            return
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
            return
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if plain and event.text().strip().isprintable() and event.text().strip() and self.pages.speak.isVisible():
            self.pages.speak.begin_typing(event.text())
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """End of push to talk by key."""
        if not self._push_key.released(event):
            super().keyReleaseEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """The level of the microphone can be seen again."""
        self.bridge.watch_level(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nobody sees the level of the microphone: it needs to be read less often."""
        self.bridge.watch_level(False)
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Let go of the key when another window takes the focus: its release would never be seen."""
        if event.type() == QEvent.Type.WindowStateChange:
            self.bridge.watch_level(self.isVisible() and not self.isMinimized())
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._push_key.let_go()
        super().changeEvent(event)

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def follow_color_scheme(self) -> None:
        """The desktop has become light or dark: whoever styles the window looks again."""
        self.settings_changed.emit(self._settings)

    def forget_tray_hint(self) -> None:
        """The user knows by now where the window goes."""
        self._store(replace(self._settings, tray_hint=False))

    def set_listening(self, always: bool) -> None:
        """Open microphone on or off, from the tray: the same as the choice in Settings."""
        self.change_settings(replace(self._settings, listen_mode="open" if always else "push"))

    def change_settings(self, settings: Settings) -> None:
        """Put other settings in force and save them."""
        old = self._settings
        self._store(settings)
        self._push_key.set_key(settings.push_key)
        if self.engine.services is not None:
            self.hotkey.use(settings.hotkey)
            self.engine.apply(old, settings)

    def leave(self) -> None:
        """End the program, tray or not."""
        self.shut_down()
        self.close()

    def escape(self) -> None:
        """Esc: answer a question with no, else drop what is being said, else take the message away."""
        if self.pages.tabs.currentWidget() is self.pages.speak and self.pages.speak.card.decline():
            return
        if self.bridge.state in (ListenState.HEARING, ListenState.LISTENING):
            self.bridge.cancel()
        self.messages.dismiss()

    def undo(self) -> None:
        """Ctrl+Z: undo what the card shows."""
        if not self.pages.speak.card.undo():
            self.show_news(tr("There is nothing to undo."))

    def show_commands(self) -> None:
        """F1: what can be said."""
        if self.engine.services is not None:
            self.pages.show_page(self.pages.commands)

    def find_command(self) -> None:
        """Ctrl+F: search the commands."""
        self.show_commands()
        if self.engine.services is not None:
            self.pages.commands.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def type_command(self) -> None:
        """Ctrl+L: type a command."""
        self.pages.show_page(self.pages.speak)
        self.pages.speak.command_line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.pages.speak.command_line.selectAll()

    def _lay_out(self) -> None:
        self.setWindowTitle("voiceassist")
        self.setWindowIcon(application_icon(self._services.paths.assets))
        self.setMinimumSize(_MIN_SIZE)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages.stack)
        self.setCentralWidget(inner)
        self.messages = MessageArea()
        layout.addWidget(self.messages)
        self.messages.opening.connect(self._keep_focus_in_sight)
        self._restore_geometry()
        for keys, function in (
            ("Ctrl+Q", self.leave),
            ("Esc", self.escape),
            ("Ctrl+Z", self.undo),
            ("Ctrl+F", self.find_command),
            ("Ctrl+L", self.type_command),
            ("F1", self.show_commands),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(function)
            self.addAction(action)

    def _connect(self) -> None:
        for telling in (self.bridge, self.engine, self.pages, self.follow_up):
            telling.failed.connect(self.show_error)
        for bringing in (self.engine, self.pages):
            bringing.news.connect(self.show_news)
        self.engine.connected.connect(self._take_services)
        self.engine.model_chosen.connect(lambda name: self._store(replace(self._settings, model=name)))
        self.bridge.state_changed.connect(self._clear_device_error)
        self.bridge.ready_changed.connect(self._focus_talk_button)
        self.hotkey.pressed.connect(self._press)
        self.hotkey.released.connect(self.bridge.key_up)
        self.follow_up.forward_wanted.connect(self.come_forward)
        self.pages.open_wanted.connect(self.open_path)
        self.pages.settings_changed.connect(self.change_settings)
        self.pages.remembered.connect(self._store)
        self.announced.connect(self.show_news)
        if self._services.listen_to_announcements is not None:
            self._services.listen_to_announcements(self.announced.emit)

    def _take_services(self, services: EngineServices) -> None:
        self.hotkey.make_hotkey = services.make_hotkey
        self.hotkey.use(self._settings.hotkey)

    def _restore_geometry(self) -> None:
        """Take the size that the window had at last, or the default, but never more than the screen has."""
        try:
            kept = read_untrusted(self._services.paths.window_file, _MAX_GEOMETRY_BYTES)
        except OSError:
            kept = b""
        if not (kept and self.restoreGeometry(QByteArray.fromBase64(kept))):
            self.resize(_DEFAULT_SIZE)
        screen = self.screen()
        if screen is not None and not self.isMaximized():
            room = screen.availableGeometry().size()
            self.resize(self.size().boundedTo(room - QSize(0, _MARGIN_PX)))

    def _keep_geometry(self) -> None:
        file = self._services.paths.window_file
        try:
            write_atomically(file, bytes(self.saveGeometry().toBase64().data()))
        except OSError as error:
            log.warning("the size of the window cannot be kept in %s: %s", file, error)

    def _keep_focus_in_sight(self) -> None:
        """What has the focus shall not be scrolled away by a message that makes the page lower."""
        page, focused = self.pages.tabs.currentWidget(), self.focusWidget()
        if not isinstance(page, QScrollArea) or focused is None or not page.isAncestorOf(focused):
            return
        if not focused.visibleRegion().isEmpty():
            QTimer.singleShot(0, focused, lambda: page.ensureWidgetVisible(focused))

    def _press(self) -> None:
        if not self.pages.introducing:
            self.pages.show_page(self.pages.speak)
        self.bridge.key_down()

    def _focus_talk_button(self, ready: bool) -> None:
        speak = self.pages.speak
        if ready and self.pages.tabs.currentWidget() is speak and not speak.command_line.hasFocus():
            speak.talk_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _store(self, settings: Settings) -> None:
        self._settings = settings
        self.pages.apply_settings(settings)
        self.follow_up.apply_settings(settings)
        self.settings_changed.emit(settings)
        try:
            self._services.save_settings(settings)
        except VoiceAssistError as error:
            self.show_error(error)

    def _clear_device_error(self, state: ListenState) -> None:
        if state in _HEARS:
            self.messages.resolve(DeviceError)

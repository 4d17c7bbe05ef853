"""The main window: the pages, the messages, and who owns what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.engine.events import ListenState
from voiceassist.engine.runner import PipelineLike
from voiceassist.errors import DeviceError, VoiceAssistError
from voiceassist.gui.pages.commands.page import CommandsPage
from voiceassist.gui.pages.consent import ask_consent
from voiceassist.gui.pages.history import HistoryPage
from voiceassist.gui.pages.introduction import Introduction
from voiceassist.gui.pages.microphone import MicrophonePage
from voiceassist.gui.pages.models.page import ModelsPage
from voiceassist.gui.pages.settings import SettingsPage
from voiceassist.gui.pages.speak import SpeakPage
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.services.desktop import open_or_explain
from voiceassist.gui.services.history import HistoryFile
from voiceassist.gui.services.interfaces import GuiServices
from voiceassist.gui.services.pack_loading import load_proven
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.shell.geometry import keep_geometry, restore_geometry
from voiceassist.gui.shell.hotkey_control import HotkeyControl
from voiceassist.gui.shell.keyboard import PushKey, add_shortcuts
from voiceassist.gui.shell.overlay import Overlay, overlay_possible
from voiceassist.gui.shell.undo_control import UndoControl
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.icons import application_icon
from voiceassist.gui.widgets.message_area import MessageArea

_MIN_SIZE = QSize(420, 300)
_DEFAULT_SIZE = QSize(1080, 720)
_HEARS = frozenset({ListenState.IDLE, ListenState.LISTENING, ListenState.HEARING})
_STOPS_LISTENING = ("microphone", "act", "stay_open_s")


def _wake_phrase(settings: Settings) -> str | None:
    """The phrase that comes before the commands, if one does."""
    return settings.wake_phrase if settings.listen_mode == "wake" else None


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
        self._is_shut = self._told_problem = False
        self._stop_following: Callable[[], None] = lambda: None
        self.hides_on_close = False
        self.bridge = EngineBridge(services.make_runner, services.settings, self)
        self._load_tasks = TaskThread("voiceassist-load", self)
        self._pack_tasks = TaskThread("voiceassist-packs", self)
        self._action_tasks = TaskThread("voiceassist-actions", self)
        self._history_tasks = TaskThread("voiceassist-history", self)
        self.speak = SpeakPage(self.bridge, services.settings)
        self.speak.set_suggestions(services.suggestions)
        self.commands = CommandsPage(services, self._action_tasks)
        self.models = ModelsPage(services, self._pack_tasks)
        self.microphone = MicrophonePage(
            services.settings, services.list_devices, self._load_tasks, services.test_microphone
        )
        self.settings = SettingsPage(services.settings, services.paths, services.autostart, services.trust)
        self._push_key = PushKey(self._press, self.bridge.key_up)
        self._push_key.set_key(services.settings.push_key)
        self.hotkey = HotkeyControl(services.make_hotkey, self.settings.hotkey, self)
        self.history = HistoryPage(HistoryFile(services.paths.history_file), self._history_tasks, services.settings)
        self.introduction = Introduction(self.bridge, services.settings, services.suggestions, services.test_microphone)
        self.overlay = Overlay(self, self.bridge)
        self._undo = UndoControl(services.undo, (self.speak.card, self.overlay.card), self._action_tasks, self)
        self.tabs = QTabWidget()
        self.stack = QStackedWidget()
        self.messages: MessageArea
        self._apply_to_overlay()
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
        self.history.load()
        if self._services.problem is not None and not self._told_problem:
            self._told_problem = True
            self.show_error(self._services.problem)
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
        """Show an error until it is dismissed."""
        self.messages.show_error(error)

    def show_news(self, message: str) -> None:
        """Show something that is no error for a few seconds."""
        self.messages.show_news(message)

    def show_page(self, page: QWidget) -> None:
        """Turn to a page."""
        self.stack.setCurrentWidget(self.tabs)
        self.tabs.setCurrentWidget(page)

    def show_introduction(self) -> None:
        """Show the first steps, from the beginning."""
        self.introduction.show_step(0)
        self.stack.setCurrentWidget(self.introduction)

    def open_path(self, path: Path) -> None:
        """Open a file or folder in the desktop's program for it, or say why that is not possible."""
        problem = open_or_explain(path)
        if problem:
            self.show_news(problem)

    def shut_down(self) -> None:
        """End every thread, close microphone and model. Safe to call twice."""
        if self._is_shut:
            return
        self._is_shut = True
        keep_geometry(self, self._services.paths.window_file)
        self._push_key.let_go()
        self.hotkey.close()
        self._stop_following()
        self.models.cancel()
        self.microphone.close_page()
        self.introduction.close_page()
        self.overlay.hide()
        self.overlay.deleteLater()
        for tasks in (self._action_tasks, self._history_tasks, self._pack_tasks, self._load_tasks):
            tasks.close()
        self.models.close_page()
        self.bridge.close()
        self.shut.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Hide where a tray icon can bring the window back, else end everything."""
        if self.hides_on_close and not self._is_shut:
            event.ignore()
            keep_geometry(self, self._services.paths.window_file)
            self.hide()
            self.went_to_tray.emit()
            return
        self.shut_down()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Push to talk by key on every page, and Enter for the button that has the focus."""
        if self._push_key.pressed(event):
            return
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
            return
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

    def follow_color_scheme(self) -> None:
        """The desktop has become light or dark: whoever styles the window looks again."""
        self.settings_changed.emit(self._settings)

    def forget_tray_hint(self) -> None:
        """The user knows by now where the window goes."""
        self._store(replace(self._settings, tray_hint=False))

    def set_listening(self, always: bool) -> None:
        """Open microphone on or off, from the tray: the same as the choice in Settings."""
        (self.settings.open if always else self.settings.push).setChecked(True)

    def leave(self) -> None:
        """End the program, tray or not."""
        self.shut_down()
        self.close()

    def escape(self) -> None:
        """Esc: answer a question with no, else drop what is being said, else take the message away."""
        if self.tabs.currentWidget() is self.speak and self.speak.card.decline():
            return
        if self.bridge.state in (ListenState.HEARING, ListenState.LISTENING):
            self.bridge.cancel()
        self.messages.dismiss()

    def undo(self) -> None:
        """Ctrl+Z: undo what the card shows."""
        if not self.speak.card.undo():
            self.show_news(tr("There is nothing to undo."))

    def find_command(self) -> None:
        """Ctrl+F: search the commands."""
        self.show_page(self.commands)
        self.commands.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def type_command(self) -> None:
        """Ctrl+L: type a command."""
        self.show_page(self.speak)
        self.speak.command_line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.speak.command_line.selectAll()

    def _lay_out(self) -> None:
        self.setWindowTitle("voiceassist")
        self.setWindowIcon(application_icon(self._services.paths.assets))
        self.setMinimumSize(_MIN_SIZE)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.tabBar().setDrawBase(False)
        for title, page in (
            (tr("&Speak"), self.speak),
            (tr("&Commands"), self.commands),
            (tr("&History"), self.history),
            (tr("&Models"), self.models),
            (tr("Mi&crophone"), self.microphone),
            (tr("S&ettings"), self.settings),
        ):
            self.tabs.addTab(page, title)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        self.stack.addWidget(self.tabs)
        self.stack.addWidget(self.introduction)
        if not self._settings.introduced:
            self.stack.setCurrentWidget(self.introduction)
        layout.addWidget(self.stack)
        self.setCentralWidget(inner)
        self.messages = MessageArea(inner)
        self.stack.currentChanged.connect(self._place_messages)
        self._place_messages()
        restore_geometry(self, self._services.paths.window_file, _DEFAULT_SIZE)
        add_shortcuts(
            self,
            {
                "Ctrl+Q": self.leave,
                "Esc": self.escape,
                "Ctrl+Z": self.undo,
                "Ctrl+F": self.find_command,
                "Ctrl+L": self.type_command,
                "F1": lambda: self.show_page(self.commands),
            },
        )

    def _connect(self) -> None:
        self.bridge.failed.connect(self.show_error)
        self.bridge.state_changed.connect(self._clear_device_error)
        self.bridge.level_changed.connect(self.microphone.show_level)
        self.bridge.state_changed.connect(self.microphone.show_state)
        self.bridge.typed_without_model.connect(self._type_without_model)
        self.hotkey.pressed.connect(self._press)
        self.hotkey.released.connect(self.bridge.key_up)
        for failing in (self._undo, self.commands, self.history, self.models, self.microphone, self.settings):
            failing.failed.connect(self.show_error)
        self.models.news.connect(self.show_news)
        self.models.use_wanted.connect(self.use_model)
        for changing in (self.microphone, self.settings, self.introduction):
            changing.changed.connect(self._change_settings)
        for opening in (self.settings, self.commands):
            opening.open_wanted.connect(self.open_path)
        self.bridge.recognized.connect(self._ask_consent)
        self.bridge.recognized.connect(self.history.add)
        self.history.news.connect(self.show_news)
        self.history.repeat_wanted.connect(self._repeat)
        self.settings.introduction_wanted.connect(self.show_introduction)
        self.introduction.finished.connect(self._end_introduction)
        for testing in (self.microphone, self.introduction, self.models):
            testing.testing.connect(self.bridge.deafen)
        self.bridge.tapped.connect(self._answer_tap)
        for one, other in ((self.speak.card, self.overlay.card), (self.overlay.card, self.speak.card)):
            one.declined.connect(other.decline)
        self.speak.card.declined.connect(self.bridge.decline)
        self.tabs.currentChanged.connect(self._open_page)
        self.commands.news.connect(self.show_news)
        self.commands.tell_problems()
        if self._services.follow_commands is not None:
            self._stop_following = self._services.follow_commands(self.commands.arrived.emit)
        self.announced.connect(self.show_news)
        if self._services.listen_to_announcements is not None:
            self._services.listen_to_announcements(self.announced.emit)

    def _place_messages(self) -> None:
        self.messages.set_at_top(self.stack.currentWidget() is self.introduction)

    def _press(self) -> None:
        if self.stack.currentWidget() is self.tabs:
            self.show_page(self.speak)
        self.bridge.key_down()

    def _answer_tap(self) -> None:
        """A tap of the key while a question stands in the overlay leads to its answers."""
        if self.speak.card.question_buttons() and not self.isActiveWindow():
            self.come_forward()
            self.show_page(self.speak)
            self.speak.card.question_buttons()[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _end_introduction(self) -> None:
        self.introduction.microphone.check.cancel()
        self.show_page(self.speak)
        self._store(replace(self._settings, introduced=True))
        self.speak.talk_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_page(self) -> None:
        if self.tabs.currentWidget() is self.microphone:
            self.microphone.refresh_devices()
        elif self.tabs.currentWidget() is self.settings:
            self.settings.show_consents()

    def _start_bridge(self, pipeline: PipelineLike) -> None:
        self.bridge.start(pipeline, self._settings)
        if self.tabs.currentWidget() is self.speak and not self.speak.command_line.hasFocus():
            self.speak.talk_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail_load(self, error: VoiceAssistError) -> None:
        self.show_error(error)
        if self._settings.model == Settings().model:
            self.speak.show_no_model()
            return
        self.show_news(tr("The model that comes with the program listens instead."))
        self._load_tasks.submit(
            lambda: self._services.make_pipeline(Settings().model),
            done=self._start_with_shipped_model,
            failed=lambda _: self.speak.show_no_model(),
            discard=_close_pipeline,
        )

    def _start_with_shipped_model(self, pipeline: PipelineLike) -> None:
        self.models.set_active(Settings().model)
        self._start_bridge(pipeline)

    def _repeat(self, text: str) -> None:
        self.show_page(self.speak)
        self.bridge.type_text(text)

    def _type_without_model(self, text: str) -> None:
        do_typed = self._services.do_typed
        if do_typed is not None:
            acting = self._settings.act
            self._action_tasks.submit(
                lambda: do_typed(text, acting), done=self.bridge.recognized.emit, failed=self.show_error
            )

    def _ask_consent(self, recognition: Recognition) -> None:
        """A command file wants to run something that the user has not agreed to."""
        outcome, trust, best = recognition.outcome, self._services.trust, recognition.best
        if outcome is None or outcome.consent is None or trust is None or best is None:
            return
        request = outcome.consent

        def allowed() -> None:
            self._action_tasks.submit(
                lambda: trust.agree(request),
                done=lambda _: self.bridge.confirm(recognition, best),
                failed=self.show_error,
            )

        self.come_forward()
        ask_consent(request, allowed, self)

    def _switch(self, name: str, pipeline: PipelineLike) -> None:
        self.bridge.use(pipeline)
        self.models.set_switching(False)
        self.models.set_active(name)
        self._store(replace(self._settings, model=name))
        self.show_news(tr("{model} listens now.", model=name))

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
        elif _wake_phrase(old) != _wake_phrase(settings) and self._services.recompile is not None:
            self._load_tasks.submit(
                self._services.recompile,
                done=lambda _: self.bridge.apply_settings(settings),
                failed=self.show_error,
            )
        else:
            self.bridge.apply_settings(settings)

    def _store(self, settings: Settings) -> None:
        self._settings = settings
        for page in (self.speak, self.history, self.microphone, self.settings, self.introduction):
            page.apply_settings(settings)
        self._apply_to_overlay()
        self.settings_changed.emit(settings)
        try:
            self._services.save_settings(settings)
        except VoiceAssistError as error:
            self.show_error(error)

    def _apply_to_overlay(self) -> None:
        self.overlay.enabled = self._settings.overlay and overlay_possible()
        self.overlay.set_acting(self._settings.act)

    def _clear_device_error(self, state: ListenState) -> None:
        if state in _HEARS:
            self.messages.resolve(DeviceError)


def _close_pipeline(pipeline: PipelineLike) -> None:
    pipeline.close()

"""The pages of the window: each is built when it is first shown, and connected with the rest of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.gui.pages.speak import SpeakPage
from voiceassist.gui.services.command_views import CommandView, nearest_examples
from voiceassist.gui.services.history import HistoryFile
from voiceassist.gui.services.history_log import HistoryLog
from voiceassist.gui.services.interfaces import EngineServices, GuiServices
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.shell.engine_control import EngineControl
from voiceassist.gui.shell.talk_keys import HotkeyControl
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.lazy_tabs import LazyTabs

if TYPE_CHECKING:
    from voiceassist.gui.pages.commands.page import CommandsPage
    from voiceassist.gui.pages.history import HistoryPage
    from voiceassist.gui.pages.introduction import Introduction
    from voiceassist.gui.pages.microphone import MicrophonePage
    from voiceassist.gui.pages.models.page import ModelsPage
    from voiceassist.gui.pages.settings import SettingsPage

Page = TypeVar("Page", bound=QWidget)

_, _COMMANDS, _HISTORY, _MODELS, _MICROPHONE, _SETTINGS = range(6)


class Pages(QObject):
    """Owns the pages and the threads that they work on; :meth:`close` ends those."""

    failed = Signal(object)
    news = Signal(str)
    open_wanted = Signal(object)
    """A file or folder to open in the desktop's program for it."""
    settings_changed = Signal(object)
    """The user has changed the settings on a page."""
    repeat_wanted = Signal(str)
    remembered = Signal(object)
    """Settings that only note what the user was shown."""
    _commands_arrived = Signal(object)

    def __init__(
        self, services: GuiServices, engine: EngineControl, hotkey: HotkeyControl, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._engine, self._hotkey = services, engine, hotkey
        self._now = services.settings
        self._view = CommandView()
        self._stop_following: Callable[[], None] = lambda: None
        self.action_tasks = TaskThread("voiceassist-actions", self)
        self._pack_tasks = TaskThread("voiceassist-packs", self)
        self._history_tasks = TaskThread("voiceassist-history", self)
        self._pack_tasks.busy_changed.connect(engine.collector.look_soon)
        self._log = HistoryLog(HistoryFile(services.paths.history_file), self._history_tasks, self)
        self.speak = SpeakPage(engine.bridge, services.settings)
        self.speak.card.nearest = lambda text: nearest_examples(self._view, text)
        self._commands: CommandsPage | None = None
        self._history: HistoryPage | None = None
        self._models: ModelsPage | None = None
        self._microphone: MicrophonePage | None = None
        self._settings: SettingsPage | None = None
        self._introduction: Introduction | None = None
        self.tabs = LazyTabs()
        self.stack = QStackedWidget()
        self._lay_out()
        self._engine.connected.connect(self._take_services)
        self._engine.model_missing.connect(self.speak.show_no_model)
        self._log.failed.connect(self.failed)
        self._commands_arrived.connect(self._take_commands)
        self.tabs.currentChanged.connect(self._open_page)

    @property
    def commands(self) -> CommandsPage:
        """The Commands page, built now where it was not; so are the others below."""
        self.tabs.build(_COMMANDS)
        return _there(self._commands)

    @property
    def history(self) -> HistoryPage:
        """The History page."""
        self.tabs.build(_HISTORY)
        return _there(self._history)

    @property
    def models(self) -> ModelsPage:
        """The Models page."""
        self.tabs.build(_MODELS)
        return _there(self._models)

    @property
    def microphone(self) -> MicrophonePage:
        """The Microphone page."""
        self.tabs.build(_MICROPHONE)
        return _there(self._microphone)

    @property
    def settings(self) -> SettingsPage:
        """The Settings page."""
        self.tabs.build(_SETTINGS)
        return _there(self._settings)

    @property
    def introduction(self) -> Introduction:
        """The first steps."""
        if self._introduction is None:
            self._introduction = self._build_introduction()
            self.stack.addWidget(self._introduction)
        return self._introduction

    @property
    def introducing(self) -> bool:
        """The first steps are shown instead of the pages."""
        return self.stack.currentWidget() is not self.tabs

    def show_page(self, page: QWidget) -> None:
        """Turn to a page."""
        self.stack.setCurrentWidget(self.tabs)
        self.tabs.setCurrentWidget(page)

    def show_introduction(self) -> None:
        """Show the first steps, from the beginning."""
        self.introduction.show_step(0)
        self.stack.setCurrentWidget(self.introduction)

    def apply_settings(self, settings: Settings) -> None:
        """Show settings that were changed, on the pages that are built."""
        self._now = settings
        for page in (self.speak, self._history, self._microphone, self._settings, self._introduction):
            if page is not None:
                page.apply_settings(settings)

    def note(self, recognition: Recognition) -> None:
        """Put a recognition into the history."""
        self._log.note(recognition, acting=self._now.act, kept=self._now.history)

    def close(self) -> None:
        """End tests and measurements that are running, and the threads."""
        self._stop_following()
        if self._models is not None:
            self._models.measuring.cancel()
        for page in (self._commands, self._microphone, self._introduction):
            if page is not None:
                page.close_page()
        for tasks in (self.action_tasks, self._history_tasks, self._pack_tasks):
            tasks.close()
        if self._models is not None:
            self._models.close_page()

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click is no walk with the keyboard
        self.tabs.addTab(self.speak, tr("&Speak"))
        self.tabs.add_page(tr("&Commands"), self._build_commands)
        self.tabs.add_page(tr("&History"), self._build_history)
        self.tabs.add_page(tr("&Models"), self._build_models)
        self.tabs.add_page(tr("Mi&crophone"), self._build_microphone)
        self.tabs.add_page(tr("S&ettings"), self._build_settings)
        self.stack.addWidget(self.tabs)
        if not self._now.introduced:
            self.stack.setCurrentWidget(self.introduction)

    def _take_services(self, services: EngineServices) -> None:
        """Show what can be shown now."""
        self._view = services.commands
        self.speak.set_suggestions(services.suggestions)
        if self._introduction is not None:
            self._introduction.use_services(services)
        self._tell_problems()
        if services.follow_commands is not None:
            self._stop_following = services.follow_commands(self._commands_arrived.emit)
        self.tabs.build_current()
        self._open_page()

    def _take_commands(self, view: CommandView) -> None:
        self._view = view
        saving = self._commands is not None and self._commands.saving
        if self._commands is not None:
            self._commands.show_view(view)
        if not self._tell_problems() and not saving:  # which was told already
            self.news.emit(tr("The commands have changed and are in use."))

    def _tell_problems(self) -> bool:
        """Tell whoever does not look at the Commands page of mistakes, and once of what this machine lacks."""
        news, missing = self._view.news(self._now.missing_told), tuple(self._view.missing)
        if not self._view.mistaken and missing != self._now.missing_told:
            self.remembered.emit(replace(self._now, missing_told=missing))
        if news:
            self.news.emit(tr(news))
        return bool(news)

    def _open_page(self) -> None:
        shown = self.tabs.currentWidget()
        if self._microphone is not None and shown is self._microphone:
            self._microphone.refresh_devices()
        elif self._settings is not None and shown is self._settings:
            self._settings.show_consents()

    def _build_commands(self) -> QWidget | None:
        from voiceassist.gui.pages.commands.page import CommandsPage

        if self._engine.services is None:
            return None
        services = replace(self._engine.services, commands=self._view)
        page = CommandsPage(services, self._services.paths, self.action_tasks)
        page.failed.connect(self.failed)
        page.news.connect(self.news)
        page.open_wanted.connect(self.open_wanted)
        page.testing.connect(self._engine.bridge.deafen)
        self._commands = page
        return page

    def _build_history(self) -> QWidget | None:
        from voiceassist.gui.pages.history import HistoryPage

        page = HistoryPage(self._log, self._now)
        page.news.connect(self.news)
        page.repeat_wanted.connect(self.repeat_wanted)
        page.load()
        self._history = page
        return page

    def _build_models(self) -> QWidget | None:
        from voiceassist.gui.pages.models.page import ModelsPage

        if self._engine.services is None:
            return None
        page = ModelsPage(self._engine.services, self._services.paths, self._engine.model, self._pack_tasks)
        page.set_switching(self._engine.switching)
        page.failed.connect(self.failed)
        page.news.connect(self.news)
        page.use_wanted.connect(self._engine.use_model)
        page.testing.connect(self._engine.bridge.deafen)
        self._engine.switching_changed.connect(page.set_switching)
        self._engine.model_changed.connect(page.set_active)
        page.reload()
        self._models = page
        return page

    def _build_microphone(self) -> QWidget | None:
        from voiceassist.gui.pages.microphone import MicrophonePage

        engine = self._engine.services
        if engine is None:
            return None
        page = MicrophonePage(self._now, engine.list_devices, self._engine.tasks, engine.test_microphone)
        page.failed.connect(self.failed)
        page.changed.connect(self.settings_changed)
        page.testing.connect(self._engine.bridge.deafen)
        page.show_level(self._engine.bridge.level_db)
        self._engine.bridge.level_changed.connect(page.show_level)
        self._engine.bridge.state_changed.connect(page.show_state)
        self._microphone = page
        return page

    def _build_settings(self) -> QWidget | None:
        from voiceassist.gui.pages.settings import SettingsPage

        page = SettingsPage(self._now, self._services.paths, self._services.autostart, self._services.trust)
        page.failed.connect(self.failed)
        page.open_wanted.connect(self.open_wanted)
        page.changed.connect(self.settings_changed)
        page.introduction_wanted.connect(self.show_introduction)
        self._hotkey.attach(page.hotkey)
        self._settings = page
        return page

    def _build_introduction(self) -> Introduction:
        from voiceassist.gui.pages.introduction import Introduction

        introduction = Introduction(self._engine.bridge, self._now)
        if self._engine.services is not None:
            introduction.use_services(self._engine.services)
        introduction.changed.connect(self.settings_changed)
        introduction.finished.connect(self._end_introduction)
        introduction.testing.connect(self._engine.bridge.deafen)
        return introduction

    def _end_introduction(self) -> None:
        self.introduction.microphone.check.cancel()
        self.show_page(self.speak)
        self.remembered.emit(replace(self._now, introduced=True))
        self.speak.talk_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _there(page: Page | None) -> Page:
    if page is None:
        raise RuntimeError("this page needs the engine, which is not connected yet")
    return page

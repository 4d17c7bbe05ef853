"""The icon in the system tray: what is going on, listen or pause, show the window, quit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from voiceassist.config.settings import Settings
from voiceassist.engine.events import ListenState
from voiceassist.gui.messages import STATE_WORDS
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.translation import mark, shown, tr
from voiceassist.gui.widgets.icons import tray_icon

_ICON_STATES = {
    ListenState.STARTING: "stopped",
    ListenState.THINKING: "hearing",
    ListenState.WAITING: "idle",
    ListenState.ASLEEP: "stopped",
}
_TALKS = frozenset({ListenState.LISTENING, ListenState.HEARING})
_HINT = mark("voiceassist goes on here. Choose Quit from this icon's menu to end it.")


class Tray(QObject):
    """Speaks to the window only. Made where :func:`tray_available` says so."""

    def __init__(self, window: MainWindow, settings: Settings, assets: Path) -> None:
        super().__init__(window)
        self._window = window
        self._says_hint = settings.tray_hint
        self._icons = {state: tray_icon(assets, _ICON_STATES.get(state, state.value)) for state in ListenState}
        self.menu = QMenu()
        self.state_line = self.menu.addAction(tr(STATE_WORDS["starting"]))
        self.state_line.setEnabled(False)
        self.menu.addSeparator()
        self.talk_action = self.menu.addAction(tr("Listen for a command"))
        self.pause_action = self.menu.addAction(tr("Pause listening"))
        self.pause_action.setCheckable(True)
        self.listen_action = self.menu.addAction(tr("Listen all the time"))
        self.listen_action.setCheckable(True)
        self.menu.addSeparator()
        self.show_action = self.menu.addAction(tr("Show window"))
        self.quit_action = self.menu.addAction(tr("Quit"))
        self.icon = QSystemTrayIcon(self._icons[ListenState.STARTING], self)
        self.icon.setToolTip("voiceassist")
        self.icon.setContextMenu(self.menu)
        self._connect()
        self._show_settings(settings)
        self._show_ready(self._window.bridge.ready)
        self._show_state(self._window.bridge.state or ListenState.STARTING)

    def show(self) -> None:
        """Put the icon into the tray; from now on closing the window hides it."""
        self.icon.show()
        self._window.hides_on_close = True

    def close(self) -> None:
        """Take the icon away."""
        self.icon.hide()
        self.menu.close()

    def toggle_window(self) -> None:
        """Show the window, or hide it where it can be seen."""
        if self._window.isVisible() and not self._window.isMinimized():
            self._window.hide()
        else:
            self._window.come_forward()

    def _connect(self) -> None:
        self.menu.aboutToShow.connect(
            lambda: self.show_action.setText(tr("Hide window") if self._window.isVisible() else tr("Show window"))
        )
        self.show_action.triggered.connect(self.toggle_window)
        self.talk_action.triggered.connect(self._talk)
        self.pause_action.triggered.connect(self._window.bridge.sleep)
        self.listen_action.triggered.connect(self._window.set_listening)
        self.quit_action.triggered.connect(self._window.leave)
        self.icon.activated.connect(self._clicked)
        self._window.announced.connect(self._announce)
        self._window.settings_changed.connect(self._show_settings)
        self._window.went_to_tray.connect(self._hint)
        self._window.shut.connect(self.close)
        self._window.bridge.state_changed.connect(self._show_state)
        self._window.bridge.ready_changed.connect(self._show_ready)

    def _talk(self) -> None:
        """Listen for a command also where the microphone sleeps or is always open."""
        bridge = self._window.bridge
        if bridge.state is ListenState.ASLEEP:
            bridge.sleep(False)
        elif bridge.settings.listen_mode != "open":
            bridge.toggle()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.toggle_window()

    def _announce(self, message: str) -> None:
        self.icon.showMessage("voiceassist", shown(message), self._window.windowIcon())

    def _hint(self) -> None:
        if self._says_hint:
            self._says_hint = False
            self._announce(tr(_HINT))
            self._window.forget_tray_hint()

    def _show_state(self, state: ListenState) -> None:
        words = tr(STATE_WORDS[state.value])
        self.icon.setIcon(self._icons[state])
        self.icon.setToolTip(f"voiceassist: {words}")
        self.state_line.setText(words)
        self.talk_action.setText(tr("That was all") if state in _TALKS else tr("Listen for a command"))
        self.pause_action.setChecked(state is ListenState.ASLEEP)

    def _show_ready(self, ready: bool) -> None:
        self.talk_action.setEnabled(ready)
        self.pause_action.setEnabled(ready)

    def _show_settings(self, settings: Settings) -> None:
        self.listen_action.setChecked(settings.listen_mode == "open")
        self.talk_action.setVisible(settings.listen_mode != "open")


def tray_available() -> bool:
    """Whether this desktop has a tray."""
    return QSystemTrayIcon.isSystemTrayAvailable()

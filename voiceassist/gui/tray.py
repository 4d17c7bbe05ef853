"""The icon in the system tray: show the window, listen or not, quit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from voiceassist.config.settings import Settings
from voiceassist.engine.runner import ListenState
from voiceassist.gui.icons import tray_icon
from voiceassist.gui.main_window import MainWindow
from voiceassist.gui.words import STATE_WORDS

_ICON_STATES = {ListenState.STARTING: "stopped", ListenState.THINKING: "hearing"}


class Tray(QObject):
    """Speaks to the window only. Made where :func:`tray_available` says so."""

    def __init__(self, window: MainWindow, settings: Settings, assets: Path) -> None:
        super().__init__(window)
        self._window = window
        self._icons = {state: tray_icon(assets, _ICON_STATES.get(state, state.value)) for state in ListenState}
        self.menu = QMenu()
        self.show_action = self.menu.addAction("Show window")
        self.listen_action = self.menu.addAction("Listen all the time")
        self.listen_action.setCheckable(True)
        self.menu.addSeparator()
        self.quit_action = self.menu.addAction("Quit")
        self.icon = QSystemTrayIcon(self._icons[ListenState.IDLE], self)
        self.icon.setToolTip("voiceassist")
        self.icon.setContextMenu(self.menu)
        self._connect()
        self._show_settings(settings)

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
        if self._window.isVisible():
            self._window.hide()
            return
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _connect(self) -> None:
        self.menu.aboutToShow.connect(self._name_toggle)
        self.show_action.triggered.connect(self.toggle_window)
        self.listen_action.toggled.connect(self._window.set_listening)
        self.quit_action.triggered.connect(self._window.leave)
        self.icon.activated.connect(self._clicked)
        self._window.announced.connect(self._announce)
        self._window.settings_changed.connect(self._show_settings)
        self._window.shut.connect(self.close)
        self._window.bridge.state_changed.connect(self._show_state)

    def _name_toggle(self) -> None:
        self.show_action.setText("Hide window" if self._window.isVisible() else "Show window")

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.toggle_window()

    def _announce(self, message: str) -> None:
        self.icon.showMessage("voiceassist", message, self._window.windowIcon())

    def _show_state(self, state: ListenState) -> None:
        self.icon.setIcon(self._icons[state])
        self.icon.setToolTip(f"voiceassist: {STATE_WORDS[state.value]}")

    def _show_settings(self, settings: Settings) -> None:
        self.listen_action.setChecked(settings.listen_mode == "open")


def tray_available() -> bool:
    """Whether this desktop has a tray."""
    return QSystemTrayIcon.isSystemTrayAvailable()

"""Opens the window with its real parts and takes a picture of each page. Called by ``packaging/screenshots``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mss
import mss.tools
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from voiceassist.action_spec import ConsentRequest
from voiceassist.cli.window import Installation
from voiceassist.engine.events import ListenState
from voiceassist.gui.app import make_application
from voiceassist.gui.services.own_commands import OwnCommand
from voiceassist.gui.shell.follow_up import ask_consent
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.lab.sound_server import SoundServer
from voiceassist.paths import default_paths

_SETTLE_S = 0.35


class Pictures:
    """Takes pictures of the whole screen, as a person sees it."""

    def __init__(self, folder: Path, suffix: str, only: str, clear_messages: Callable[[], None]) -> None:
        self._folder, self._suffix, self._only, self._clear_messages = folder, suffix, only, clear_messages

    def take(self, name: str, prepare: Callable[[], object] | None = None) -> None:
        if self._only and self._only not in name:
            return
        if prepare is not None:
            prepare()
        settle()
        if not name.startswith("message"):
            for _ in range(3):  # more may wait behind one
                self._clear_messages()
            settle(0.05)
        with mss.MSS() as screen:
            shot = screen.grab(screen.monitors[0])
            mss.tools.to_png(shot.rgb, shot.size, output=str(self._folder / f"{name}-{self._suffix}.png"))


def settle(seconds: float = _SETTLE_S) -> None:
    """Let the window draw."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Go on when something has come about."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window is not ready")
        settle(0.05)


def typed(window: MainWindow, text: str) -> None:
    """Have a typed command done and wait for its answer."""
    before = window.pages.speak.card.recognition
    window.bridge.type_text(text)
    wait_for(lambda: window.pages.speak.card.recognition is not before)


def open_step(window: MainWindow, step: int) -> None:
    """Turn to one of the first steps."""
    window.pages.show_introduction()
    window.pages.introduction.show_step(step)


def take_overlay(window: MainWindow, pictures: Pictures) -> None:
    """The overlay, while the window is hidden."""
    window.hide()
    settle()
    window.bridge.state_changed.emit(ListenState.HEARING)
    window.bridge.level_changed.emit(-22.0)
    pictures.take("overlay-hearing", lambda: window.bridge.partial.emit("set a timer"))
    pictures.take("overlay", lambda: typed(window, "set a timer for ten minutes"))
    pictures.take("overlay-question", lambda: typed(window, "shut down the computer"))
    window.follow_up.overlay.dismiss()


def measured(window: MainWindow) -> None:
    """Measure the models once for all pictures; a later run finds the figures that the first one kept."""
    page = window.pages.models
    wait_for(page.measure_button.isEnabled)
    if not all(row.measured for row in page.packs.rows):
        page.measure()
        wait_for(lambda: all(row.measured for row in page.packs.rows), 300)


def write_own_command(window: MainWindow) -> None:
    """A command of the user's own, for the Commands page."""
    page = window.pages.commands
    if not page.own.folder.exists():
        page.own.save(OwnCommand(("open my mail",), "program.run", {"argv": ["xdg-open", "mailto:"]}))
    wait_for(lambda: any(row.own for row in page.model.rows))
    page.list.setCurrentIndex(page.model.index(0))


def take_dialogs(window: MainWindow, pictures: Pictures) -> None:
    """The dialogs, each closed again."""
    window.pages.show_page(window.pages.commands)
    editor = window.pages.commands.open_editor(OwnCommand(("good night", "I am going to bed"), "program.run"))
    if editor is not None:
        editor._fields["argv"].show_value(["systemctl", "suspend"])
        editor.file_button.click()
        wait_for(lambda: "✓" in editor.status.text())
        pictures.take("new-command")
        editor.reject()
    page = window.pages.commands
    page.own.folder.mkdir(parents=True, exist_ok=True)
    wrong = page.own.folder / "lights.yaml"
    wrong.write_text(
        "# The lamp\nintents:\n  LampOn:\n    - light on\n    - switch the [lamp on\n"
        "  LampOff:\n    action: lamp.off\n    sentence: [lamp off]\n",
        encoding="utf-8",
    )
    wait_for(lambda: "lights.yaml" in page.problems.text)
    page.verticalScrollBar().setValue(0)
    pictures.take("commands-mistakes")
    file = page.show_file(wrong, 5)
    if file is not None:
        wait_for(lambda: bool(file.status.text()))
        pictures.take("command-file")
        file.reject()
    wrong.unlink()
    review = page.open_review()
    if review is not None:
        wait_for(lambda: not review.progress.isVisible(), 300)
        pictures.take("command-review")
        review.reject()
    request = ConsentRequest("0", ("run rsync -a {folder} /backup",))
    box = ask_consent(request, lambda: None, window)
    pictures.take("consent")
    box.reject()
    test = window.pages.models.open_voice_test()
    if test is not None:
        pictures.take("voice-test")
        test.reject()


def show_end(window: MainWindow, page: QScrollArea) -> None:
    """Turn to a page and scroll to what stands below the edge."""
    window.pages.show_page(page)
    settle()  # its height comes with the layout
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())


def take_all(window: MainWindow, pictures: Pictures) -> None:
    """Every page with something on it."""
    pages: dict[str, QScrollArea] = {
        "commands": window.pages.commands,
        "history": window.pages.history,
        "models": window.pages.models,
        "microphone": window.pages.microphone,
        "settings": window.pages.settings,
    }
    pictures.take("speak-empty")
    pictures.take("speak", lambda: typed(window, "set a timer for ten minutes"))
    pictures.take("speak-question", lambda: typed(window, "shut down the computer"))
    window.escape()
    pictures.take("speak-unknown", lambda: typed(window, "make me a sandwich"))
    measured(window)
    write_own_command(window)
    for name, page in pages.items():
        pictures.take(name, lambda page=page: window.pages.show_page(page))
        pictures.take(f"{name}-end", lambda page=page: show_end(window, page))
    models = window.pages.models
    window.pages.show_page(models)
    pictures.take("models-table", lambda: models.verticalScrollBar().setValue(models.table.y()))
    window.pages.show_page(window.pages.settings)
    act = window.pages.settings.act
    act.setFocus(Qt.FocusReason.TabFocusReason)
    pictures.take("focus", lambda: window.pages.settings.ensureWidgetVisible(act))
    take_dialogs(window, pictures)
    for step in range(4):
        pictures.take(f"first-steps-{step + 1}", lambda step=step: open_step(window, step))
    window.pages.show_page(window.pages.speak)
    take_overlay(window, pictures)
    window.come_forward()
    pictures.take("message", lambda: window.show_error(OSError("something odd happened")))
    pictures.take("message-commands", lambda: window.pages.show_page(window.pages.commands))
    window.messages.dismiss()


def main() -> None:
    folder, size, scale, theme, language, only = sys.argv[1:7]
    width, height = map(int, size.split("x"))
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
    server = SoundServer()
    server.start()
    os.environ.update(server.variables())
    try:
        with Installation(
            default_paths(), lambda settings: replace(settings, theme=theme, language=language, introduced=True)
        ) as installation:
            services = installation.services()
            app = make_application(services.settings, services.paths.assets)
            window = MainWindow(services)
            window.resize(min(1080, width) // (int(scale) // 100), min(720, height - 30) // (int(scale) // 100))
            window.show()
            window.begin()
            wait_for(lambda: window.bridge.state is ListenState.IDLE)
            settle(0.5)
            take_all(
                window, Pictures(Path(folder), f"{size}-{scale}-{theme}-{language}", only, window.messages.dismiss)
            )
            window.shut_down()
            app.processEvents()
    finally:
        server.close()
        manager.terminate()
        manager.wait()


if __name__ == "__main__":
    main()

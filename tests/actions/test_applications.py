"""Finding an application by what was said, and really starting one."""

from __future__ import annotations

import os
import signal
import stat
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from private_desktop import Screen, until

from voiceassist.actions.applications import ROLES, Application, application_names, find_application
from voiceassist.actions.builtin import default_registry
from voiceassist.actions.platforms.linux import LinuxDesktop, terminal_prefix
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError

MENU = [
    Application("Files", ("files",), ("file manager",)),
    Application("Firefox", ("firefox",), ("Web Browser", "browser")),
    Application("GNU Image Editor", ("gimp",)),
    Application("LibreOffice Calc", ("calc",), ("Spreadsheet",)),
    Application("LibreOffice Writer", ("writer",)),
    Application("Chromium", ("chromium",), ("browser",)),
]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("firefox", "Firefox"),
        ("FILES", "Files"),
        ("web browser", "Firefox"),
        ("libreoffice writer", "LibreOffice Writer"),
        ("writer", "LibreOffice Writer"),
        ("image editor", "GNU Image Editor"),
    ],
)
def test_an_application_is_found_by_what_people_call_it(said: str, name: str) -> None:
    assert find_application(said, MENU).name == name


@pytest.mark.parametrize(("said", "names"), [("browser", "Chromium, Firefox"), ("libreoffice", "Calc, LibreOffice W")])
def test_where_several_fit_they_are_named(said: str, names: str) -> None:
    with pytest.raises(ActionError, match="several applications match") as caught:
        find_application(said, MENU)
    assert names in caught.value.message


@pytest.mark.parametrize("said", ["photo shop", "!?"])
def test_what_is_not_installed_is_not_opened(said: str) -> None:
    with pytest.raises(ActionError, match="no application called"):
        find_application(said, MENU)


def test_only_what_is_clear_is_offered_to_the_grammar() -> None:
    names = application_names(MENU)
    assert names["web browser"] == "Firefox"
    assert names["libreoffice writer"] == "LibreOffice Writer"
    assert names["browser"] == "browser"  # which of the two is asked when it is opened
    assert all(find_application(said, MENU).name == name for said, name in names.items() if said not in ROLES)


@pytest.fixture
def menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty application menu of the user's, the only one there is."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    (tmp_path / "applications").mkdir()
    return tmp_path


def install(menu: Path, name: str, script: str, **keys: str) -> Path:
    program = menu / f"{name} program"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    lines = {"Type": "Application", "Name": name.title(), "Exec": f'"{program}" first "second one" %U', **keys}
    text = "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())
    (menu / "applications" / f"{name}.desktop").write_text(text, encoding="utf-8")
    return program


def written(path: Path, timeout_s: float = 20.0) -> list[str]:
    """The lines of a file, as soon as it is there and complete."""
    give_up_s = time.monotonic() + timeout_s
    while time.monotonic() < give_up_s:
        if path.exists() and path.read_text(encoding="utf-8").endswith("end\n"):
            return path.read_text(encoding="utf-8").splitlines()[:-1]
        time.sleep(0.02)
    raise AssertionError(f"{path} was not written")


def test_an_application_is_really_started(menu: Path, registry: ActionRegistry) -> None:
    proof = menu / "proof"
    install(menu, "calculator", f'printf "%s\\n" "$@" "$(pwd)" end >"{proof}"', Path=str(menu))
    assert registry.run("app.open", {}, {"app": "calculator"}).message == "Opened Calculator."
    assert written(proof) == ["first", "second one", str(menu)]


def test_it_outlives_the_registry_in_a_session_of_its_own(menu: Path, registry: ActionRegistry) -> None:
    proof = menu / "proof"
    install(menu, "clock", f'printf "%s\\nend\\n" $$ >"{proof}"; exec sleep 60')
    registry.run("app.open", {"app": "Clock"}, {})
    pid = int(written(proof)[0])
    registry.close()
    assert os.getsid(pid) == pid
    os.kill(pid, 0)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_an_ended_application_does_not_stay_a_zombie(menu: Path, registry: ActionRegistry) -> None:
    proof = menu / "proof"
    install(menu, "brief", f'printf "%s\\nend\\n" $$ >"{proof}"; sleep 0.6')
    install(menu, "other", "exit 0")
    registry.run("app.open", {"app": "Brief"}, {})
    pid = int(written(proof)[0])
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, "it has ended")
    registry.run("app.open", {"app": "Other"}, {})
    assert not psutil.pid_exists(pid)


def test_an_application_that_dies_at_once_says_why(menu: Path) -> None:
    install(menu, "broken", "echo cannot open display >&2; exit 7")
    # A busy machine may take its time to start a shell.
    with (
        closing(default_registry(print, desktop=LinuxDesktop(watch_s=20), rings=False)) as registry,
        pytest.raises(ActionError, match=r"Broken ended at once \(status 7\): cannot open display"),
    ):
        registry.run("app.open", {"app": "Broken"}, {})


def test_an_application_whose_program_is_gone(menu: Path, registry: ActionRegistry) -> None:
    install(menu, "gone", "exit 0").unlink()
    with pytest.raises(ActionError, match="Gone cannot be started: No such file"):
        registry.run("app.open", {"app": "gone"}, {})


def test_a_terminal_program_gets_a_terminal(
    menu: Path, registry: ActionRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = menu / "proof"
    program = install(menu, "monitor", "exit 0", Terminal="true")
    terminal = menu / "xterm"
    terminal.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" end >"{proof}"\n', encoding="utf-8")
    terminal.chmod(stat.S_IRWXU)
    # Only sh and printf beside it: a terminal of this machine's must not be found first.
    monkeypatch.setenv("PATH", str(menu))
    registry.run("app.open", {"app": "monitor"}, {})
    assert written(proof) == ["-e", str(program), "first", "second one"]


def test_no_terminal_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError, match="no terminal"):
        terminal_prefix()


HOSTILE = {
    "quotes": '"touch pwned; $(touch pwned) `touch pwned`"',
    "operators": "echo a ; touch pwned && touch pwned | touch pwned > pwned",
    "variables": "echo $(touch${IFS}pwned) ${HOME} \\$(touch pwned)",
    "dashes": "printf -- --help -rf",
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("terminal", [False, True])
def test_a_hostile_entry_runs_nothing_but_its_own_program(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, terminal: bool
) -> None:
    menu, work = tmp_path / "applications", tmp_path / "work"
    menu.mkdir()
    work.mkdir()
    name = "Evil; touch pwned"
    text = f"[Desktop Entry]\nType=Application\nName={name}\nExec={HOSTILE[kind]} %f %U %c\nPath={work}\n"
    (menu / "evil.desktop").write_text(text + ("Terminal=true\n" if terminal else ""), encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("SHELL", "/bin/sh")
    desktop = LinuxDesktop(watch_s=2.0)
    application, *_terminal = desktop.applications()
    with suppress(ActionError):  # that its program is not there, or failed, is all right
        desktop.launch(application)
    assert list(work.iterdir()) == []
    assert not (Path.home() / "pwned").exists()
    for child in desktop._children:  # terminals stay open for a while
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(timeout=20)
    desktop.close()

"""Desktop entries: which are shown, and what their Exec lines start."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.actions.applications import Application
from voiceassist.actions.platforms.entries import (
    application_folders,
    expand_codes,
    parse_entry,
    read_applications,
    split_exec,
)


def entry(folder: Path, name: str, **keys: str) -> None:
    lines = {"Type": "Application", "Name": name.title(), "Exec": "/bin/true", **keys}
    path = folder / f"{name}.desktop"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[Desktop Entry]\n" + "".join(f"{k}={v}\n" for k, v in lines.items()), encoding="utf-8")


def read(*folders: Path, **environ: str) -> list[Application]:
    return read_applications(folders, {"PATH": "/usr/bin:/bin", **environ})


def test_folders_follow_the_base_directory_specification() -> None:
    assert application_folders({"HOME": "/home/u"}) == [
        Path("/home/u/.local/share/applications"),
        Path("/usr/local/share/applications"),
        Path("/usr/share/applications"),
    ]
    assert application_folders({"XDG_DATA_HOME": "/d", "XDG_DATA_DIRS": "/a:/b"}) == [
        Path("/d/applications"),
        Path("/a/applications"),
        Path("/b/applications"),
    ]


def test_an_entry_becomes_an_application(tmp_path: Path) -> None:
    entry(
        tmp_path,
        "fox",
        **{"Name[de]": "Fuchs", "GenericName": "Web Browser", "Categories": "Network;WebBrowser;"},
        Exec="fox --new %u",
        Path="/tmp",  # noqa: S108 - only a name here
        Terminal="true",
    )
    assert read(tmp_path) == [
        Application(
            "Fox",
            ("fox", "--new"),
            ("Web Browser", "browser"),
            terminal=True,
            folder=Path("/tmp"),  # noqa: S108 - only a name here
            identity="fox.desktop",
        )
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {"NoDisplay": "true"},
        {"Hidden": "true"},
        {"Type": "Link"},
        {"Exec": ""},
        {"TryExec": "no-such-program"},
        {"TryExec": "/no/such/program"},
        {"OnlyShowIn": "GNOME;"},
        {"NotShowIn": "KDE;"},
        {"Exec": '"open quote'},
    ],
)
def test_what_the_menu_hides_cannot_be_opened(tmp_path: Path, keys: dict[str, str]) -> None:
    entry(tmp_path, "hidden", **keys)
    entry(tmp_path, "shown", TryExec="sh", OnlyShowIn="KDE;XFCE;", NotShowIn="GNOME;")
    assert [application.name for application in read(tmp_path, XDG_CURRENT_DESKTOP="KDE")] == ["Shown"]


def test_the_user_s_entry_replaces_and_hides_the_system_s(tmp_path: Path) -> None:
    user, system = tmp_path / "user", tmp_path / "system"
    entry(system, "editor", Name="Editor")
    entry(system, "kde/viewer", Name="Viewer")
    entry(user, "editor", Name="My Editor")
    entry(user, "kde-viewer", Name="Viewer", Hidden="true")
    assert [application.name for application in read(user, system)] == ["My Editor"]


def test_broken_files_are_left_out(tmp_path: Path) -> None:
    entry(tmp_path, "good")
    (tmp_path / "binary.desktop").write_bytes(b"\xff\xfe\x00[Desktop Entry]")
    (tmp_path / "empty.desktop").touch()
    (tmp_path / "nowhere.desktop").symlink_to(tmp_path / "gone")
    assert [application.name for application in read(tmp_path, tmp_path / "missing")] == ["Good"]


def test_other_groups_and_comments_are_not_read() -> None:
    text = "# Name=No\n[Desktop Action New]\nName=New\n[Desktop Entry]\n#Name=No\nName = a\\sb\\\\c\n[X]\nName=X\n"
    assert parse_entry(text) == {"Name": "a b\\c"}


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("fox %u", ["fox", "%u"]),
        ('"/opt/my app/run" --name "a \\"b\\" \\$c \\\\d"', ["/opt/my app/run", "--name", 'a "b" $c \\d']),
        ('run ""', ["run", ""]),
        ("  run   -a  ", ["run", "-a"]),
    ],
)
def test_exec_lines_are_split_as_the_specification_says(line: str, arguments: list[str]) -> None:
    assert split_exec(line) == arguments


@pytest.mark.parametrize("line", ['run "a', 'run "a"b'])
def test_a_quote_out_of_place_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="quote"):
        split_exec(line)


def quoted(argument: str) -> str:
    return '"' + "".join("\\" + sign if sign in '"`$\\' else sign for sign in argument) + '"'


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_whatever_is_quoted_comes_back(arguments: list[str]) -> None:
    assert split_exec(" ".join(map(quoted, arguments))) == arguments


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.text("abc-=/.", min_size=1), min_size=1))
def test_plain_words_split_as_in_a_shell(arguments: list[str]) -> None:
    line = " ".join(arguments)
    assert split_exec(line) == shlex.split(line)


def test_field_codes_are_filled_in_or_dropped() -> None:
    arguments = ["run", "%F", "%i", "-t", "%c", "100%%", "--at=%k", "%m", "--file=%f"]
    filled = expand_codes(arguments, name="Fox", icon="fox", path=Path("/a/fox.desktop"))
    assert filled == ["run", "--icon", "fox", "-t", "Fox", "100%", "--at=/a/fox.desktop", "--file="]
    assert expand_codes(["run", "%i"], name="Fox", icon="", path=Path("/a")) == ["run"]

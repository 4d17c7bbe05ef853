"""The user's own commands as files: written, read back, switched, deleted, exported and imported."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import ConfigError
from voiceassist.grammar.files.merge import load_commands
from voiceassist.gui.services.own_commands import OwnCommand, OwnCommands

MAIL = OwnCommand(("open my mail", "show [me] the mail"), "program.run", {"argv": ["thunderbird", "-mail"]})


@pytest.fixture
def own(tmp_path: Path) -> OwnCommands:
    return OwnCommands(tmp_path / "commands")


def test_a_command_is_written_as_a_tidy_file_that_loads(own: OwnCommands) -> None:
    path = own.save(MAIL)
    assert path.name == "open-my-mail.yaml"
    assert path.read_text() == (
        "language: en\nintents:\n  OpenMyMail:\n    action: program.run\n    arguments:\n      argv:\n"
        "      - thunderbird\n      - -mail\n    data:\n    - sentences:\n      - open my mail\n"
        "      - show [me] the mail\n"
    )
    loaded = load_commands([path]).intents["OpenMyMail"]
    assert (loaded.action, loaded.arguments) == ("program.run", {"argv": ["thunderbird", "-mail"]})


def test_it_is_read_back_for_the_editor_and_saved_into_the_same_file(own: OwnCommands) -> None:
    path = own.save(MAIL)
    again = own.read(path)
    assert again is not None
    assert (again.sentences, again.action, again.arguments) == (MAIL.sentences, MAIL.action, MAIL.arguments)
    own.save(OwnCommand(("read my mail",), again.action, again.arguments, again.intent), path)
    assert list(own.folder.iterdir()) == [path]
    assert set(load_commands([path]).intents) == {"OpenMyMail"}


@given(
    st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=3),
    st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.booleans(), max_size=3),
)
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str], arguments: dict[str, object]
) -> None:
    own = OwnCommands(tmp_path_factory.mktemp("commands"))
    written = OwnCommand(tuple(sentences), "text.type", arguments)
    again = own.read(own.save(written))
    assert again is not None
    assert (again.sentences, again.arguments, again.name) == (written.sentences, written.arguments, written.name)


@pytest.mark.parametrize(
    "text",
    [
        "intents: {A: {data: [{sentences: [a]}]}, B: {data: [{sentences: [b]}]}}",
        "intents: {A: [a]}",
        "language: en\nintents: {A: {risk: safe, data: [{sentences: [a]}]}}",
        "{",
        "- 3",
        "",
    ],
)
def test_a_file_with_more_than_the_editor_shows_is_left_to_a_text_editor(own: OwnCommands, text: str) -> None:
    own.folder.mkdir()
    path = own.folder / "mine.yaml"
    path.write_text(text)
    assert own.read(path) is None


def test_commands_of_the_same_words_get_files_of_their_own(own: OwnCommands) -> None:
    names = [own.save(MAIL).name for _ in range(3)]
    assert names == ["open-my-mail.yaml", "open-my-mail-2.yaml", "open-my-mail-3.yaml"]


def test_what_is_switched_off_is_not_read_and_comes_back(own: OwnCommands) -> None:
    path = own.save(MAIL)
    off = own.switch(path, on=False)
    assert own.switched_off() == [off]
    assert not list(own.folder.glob("*.yaml"))
    assert own.switch(off, on=True) == path
    own.save(MAIL)
    other = own.switch(path, on=False)
    path.write_text("something else")
    with pytest.raises(FileExistsError):
        own.switch(other, on=True)
    assert path.read_text() == "something else"


def test_what_was_deleted_can_be_put_back(own: OwnCommands) -> None:
    path = own.save(MAIL)
    content = own.delete(path)
    assert not path.exists()
    own.restore(path, content)
    assert own.read(path) is not None


def test_a_pack_is_exported_and_imported_without_overwriting(own: OwnCommands, tmp_path: Path) -> None:
    own.save(MAIL)
    own.save(OwnCommand(("good night",), "screen.lock"))
    assert own.export(tmp_path / "pack.zip") == 2
    added = own.import_pack(tmp_path / "pack.zip")
    assert [path.name for path in added] == ["good-night-2.yaml", "open-my-mail-2.yaml"]
    assert own.import_pack(own.folder / "good-night.yaml")[0].name == "good-night-3.yaml"


@pytest.mark.parametrize("name", ["../../evil.yaml", "/etc/evil.yaml", "C:\\evil.yaml"])
def test_names_in_a_pack_lead_out_of_no_folder(own: OwnCommands, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr(name, "intents: {A: [a]}")
    (added,) = own.import_pack(tmp_path / "pack.zip")
    assert added.parent == own.folder


def test_what_is_no_pack_is_refused(own: OwnCommands, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("run.sh", "echo")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.yaml", b" " * ((1 << 20) + 1))
    for name in ("a.zip", "b.zip", "c.zip"):
        with pytest.raises(ConfigError):
            own.import_pack(tmp_path / name)
    assert not own.folder.exists()


@pytest.mark.parametrize(
    "use",
    [OwnCommands.read, OwnCommands.copy, OwnCommands.delete, OwnCommands.import_pack],
    ids=["read", "copy", "delete", "import"],
)
@pytest.mark.parametrize("suffix", [".yaml", ".zip"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_fifo_in_the_place_of_a_file_is_an_error_and_not_a_hang(
    own: OwnCommands, use: Callable[[OwnCommands, Path], object], suffix: str
) -> None:
    own.folder.mkdir()
    fifo = own.folder / f"fifo{suffix}"
    os.mkfifo(fifo)
    with pytest.raises(OSError, match="not a regular file"):
        use(own, fifo)


def test_a_file_that_is_no_regular_one_ends_the_export_with_an_error(own: OwnCommands, tmp_path: Path) -> None:
    own.save(MAIL)
    (own.folder / "loop.yaml").symlink_to(own.folder / "loop.yaml")
    with pytest.raises(OSError, match="symbolic links"):
        own.export(tmp_path / "pack.zip")
    assert not (tmp_path / "pack.zip").exists()

"""Notes in a real file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.actions.notes import NoteActions
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


class Notebook:
    """A registry with notes in one file, and what was opened."""

    def __init__(self, file: Path) -> None:
        self.file, self.opened, self.registry = file, [], ActionRegistry()  # type: ignore[var-annotated]
        NoteActions(self.registry, file, lambda: datetime(2026, 3, 9, 7, 5, tzinfo=UTC), self.opened.append)

    def add(self, text: str) -> str:
        return self.registry.run("note.add", {}, {"text": text}).message

    def read(self) -> str:
        return self.registry.run("note.read", {}, {}).message


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "data" / "notes.md")


def test_notes_are_written_below_each_other_and_read(notebook: Notebook) -> None:
    assert notebook.read() == "There are no notes."
    assert notebook.add("buy milk") == "Noted: buy milk"
    notebook.add("call  Ann\nback")
    assert notebook.file.read_text() == "# Notes\n\n- 2026-03-09 07:05 buy milk\n- 2026-03-09 07:05 call Ann back\n"
    assert notebook.read() == "call Ann back (noted 2026-03-09 07:05)"


def test_what_the_user_wrote_stays(notebook: Notebook) -> None:
    notebook.file.parent.mkdir()
    notebook.file.write_text("My own\n- a line without a date")
    assert notebook.read() == "a line without a date"
    notebook.add("buy milk")
    assert notebook.file.read_text() == "My own\n- a line without a date\n- 2026-03-09 07:05 buy milk\n"


def test_the_last_note_is_removed_and_put_back(notebook: Notebook) -> None:
    with pytest.raises(ActionError, match="there are no notes"):
        notebook.registry.run("note.remove", {}, {})
    notebook.add("one")
    notebook.add("two")
    notebook.file.write_text(notebook.file.read_text() + "by hand")
    assert notebook.registry.run("note.remove", {}, {}).message == "The note is gone: two"
    assert notebook.file.read_text() == "# Notes\n\n- 2026-03-09 07:05 one\nby hand"
    assert notebook.registry.undo_last().message == "The note is back: two"
    assert notebook.file.read_text() == "# Notes\n\n- 2026-03-09 07:05 one\nby hand\n- 2026-03-09 07:05 two\n"


def test_undo_removes_its_own_note_only(notebook: Notebook) -> None:
    for text in ("one", "two", "two"):
        notebook.add(text)
    notebook.file.write_text(notebook.file.read_text() + "- by hand\n")
    assert notebook.registry.undo_last().message == "The note is gone: two"
    kept = "# Notes\n\n- 2026-03-09 07:05 one\n- 2026-03-09 07:05 two\n- by hand\n"
    assert notebook.file.read_text() == kept
    notebook.file.write_text("nothing\n")
    with pytest.raises(ActionError, match="not there any more"):
        notebook.registry.undo_last()
    assert notebook.file.read_text() == "nothing\n"


def test_open_makes_the_file_where_there_is_none(notebook: Notebook) -> None:
    notebook.registry.run("note.open", {}, {})
    assert notebook.opened == [str(notebook.file)]
    assert notebook.file.read_text() == "# Notes\n\n"


def test_what_cannot_be_written_or_read_is_said(notebook: Notebook) -> None:
    notebook.file.parent.write_text("in the way")
    with pytest.raises(ActionError, match="notes cannot be written") as caught:
        notebook.add("x")
    assert str(notebook.file) in caught.value.hint
    notebook.file.parent.unlink()
    notebook.file.parent.mkdir()
    notebook.file.write_bytes(b"\xff\xfe")
    with pytest.raises(ActionError, match="notes cannot be read"):
        notebook.read()


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip)


@settings(max_examples=25)  # each writes files and waits for the disk
@given(st.lists(TEXTS, max_size=4))
def test_undoing_all_leaves_what_was_there(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    notebook = Notebook(tmp_path_factory.mktemp("notes") / "notes.md")
    before = "# Mine\n\n- 2026-03-09 07:05 buy milk\n"
    notebook.file.write_text(before, encoding="utf-8")
    for text in texts:
        assert " ".join(text.split()) in notebook.add(text)
    for _ in texts:
        notebook.registry.undo_last()
    assert notebook.file.read_text(encoding="utf-8") == before

"""Lists as plain text files, whose names stay in their folder whatever is said."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceassist.actions.lists import ListActions
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


@pytest.fixture
def lists(tmp_path: Path) -> ActionRegistry:
    registry = ActionRegistry()
    ListActions(registry, tmp_path / "lists")
    return registry


def run(lists: ActionRegistry, action: str, **slots: str) -> str:
    return lists.run(action, {}, slots).message


def test_a_list_is_a_plain_text_file(lists: ActionRegistry, tmp_path: Path) -> None:
    assert run(lists, "list.read", list="shopping") == "Your shopping list is empty."
    assert run(lists, "list.add", list="shopping", item="oat  milk") == "Added to your shopping list: oat milk"
    run(lists, "list.add", list="Shopping", item="eggs")
    assert (tmp_path / "lists" / "shopping.txt").read_text() == "oat milk\neggs\n"
    assert run(lists, "list.read", list="shopping") == "On your shopping list: oat milk, eggs."
    assert run(lists, "list.remove", list="shopping", item="Oat milk") == "Taken off your shopping list: oat milk"
    with pytest.raises(ActionError, match="not on your shopping list"):
        run(lists, "list.remove", list="shopping", item="oat milk")
    run(lists, "list.clear", list="shopping")
    lists.undo_last()
    assert run(lists, "list.read", list="shopping") == "On your shopping list: eggs."
    lists.undo_last()
    lists.undo_last()
    assert run(lists, "list.read", list="shopping") == "On your shopping list: oat milk."
    lists.close()


def test_an_item_is_on_a_list_once(lists: ActionRegistry) -> None:
    run(lists, "list.add", list="shopping", item="milk")
    assert run(lists, "list.add", list="shopping", item="Milk") == "Already on your shopping list: Milk"
    assert run(lists, "list.read", list="shopping") == "On your shopping list: milk."


def test_an_item_is_taken_off_by_some_of_its_words(lists: ActionRegistry) -> None:
    for item in ("two pounds of flour", "oat milk", "soy milk"):
        run(lists, "list.add", list="shopping", item=item)
    assert run(lists, "list.remove", list="shopping", item="the flour") == (
        "Taken off your shopping list: two pounds of flour"
    )
    with pytest.raises(ActionError, match="oat milk and soy milk are on your shopping list"):
        run(lists, "list.remove", list="shopping", item="milk")
    run(lists, "list.add", list="shopping", item="milk")
    assert run(lists, "list.remove", list="shopping", item="milk") == "Taken off your shopping list: milk"
    with pytest.raises(ActionError, match="the is not on"):
        run(lists, "list.remove", list="shopping", item="the")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30) | st.sampled_from(["../../etc/passwd", "/etc/passwd", "..", "a/b", ".hidden", "x" * 300]))
def test_no_name_leaves_the_folder(lists: ActionRegistry, tmp_path: Path, name: str) -> None:
    try:
        run(lists, "list.add", list=name, item="x")
    except ActionError as error:
        assert "list" in error.message  # noqa: PT017 - a name without words is refused
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != tmp_path / "lists"]
    assert outside == []
    assert not [path for path in (tmp_path / "lists").glob(".*") if path.is_file()]


def test_undo_changes_one_item_only(lists: ActionRegistry, tmp_path: Path) -> None:
    file = tmp_path / "lists" / "shopping.txt"
    added = lists.run("list.add", {}, {"list": "shopping", "item": "milk"})
    file.write_text("milk\neggs\nmilk\nbread\n")  # by hand, or by another voiceassist
    assert added.undo_token is not None
    assert lists.undo(added.undo_token).message == "Taken off your shopping list: milk"
    assert file.read_text() == "milk\neggs\nbread\n"
    taken = lists.run("list.remove", {}, {"list": "shopping", "item": "eggs"})
    run(lists, "list.add", list="shopping", item="tea")
    assert taken.undo_token is not None
    lists.undo(taken.undo_token)
    assert file.read_text() == "milk\neggs\nbread\ntea\n"
    cleared = lists.run("list.clear", {}, {"list": "shopping"})
    run(lists, "list.add", list="shopping", item="jam")
    assert cleared.undo_token is not None
    lists.undo(cleared.undo_token)
    assert file.read_text() == "milk\neggs\nbread\ntea\njam\n"
    added = lists.run("list.add", {}, {"list": "shopping", "item": "salt"})
    file.write_text("")
    assert added.undo_token is not None
    with pytest.raises(ActionError, match="salt is not on your shopping list"):
        lists.undo(added.undo_token)


def test_no_item_is_lost_where_several_programs_add(tmp_path: Path) -> None:
    registries = [ActionRegistry() for _ in range(4)]
    for registry in registries:
        ListActions(registry, tmp_path)

    def add(number: int) -> None:
        for item in range(5):
            registries[number].run("list.add", {}, {"list": "x", "item": f"{number} {item}"})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len((tmp_path / "x.txt").read_text().splitlines()) == 20


def test_a_list_that_cannot_be_kept_says_so(lists: ActionRegistry, tmp_path: Path) -> None:
    (tmp_path / "lists").touch()
    with pytest.raises(ActionError, match="cannot be written"):
        run(lists, "list.add", list="shopping", item="x")


def test_a_list_from_another_editor_is_read_or_the_user_is_told_what_to_do(
    lists: ActionRegistry, tmp_path: Path
) -> None:
    file = tmp_path / "lists" / "shopping.txt"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbfmilk\r\nb\xc3\xa9arnaise\r\n")
    assert run(lists, "list.read", list="shopping") == "On your shopping list: milk, b\u00e9arnaise."
    assert run(lists, "list.remove", list="shopping", item="milk") == "Taken off your shopping list: milk"
    file.write_bytes(b"b\xe9arnaise\n")
    with pytest.raises(ActionError, match="no longer text in UTF-8") as caught:
        run(lists, "list.add", list="shopping", item="eggs")
    assert "save it as UTF-8" in caught.value.hint
    assert file.read_bytes() == b"b\xe9arnaise\n"
    lists.close()

"""Free text: ``{*text}`` at the end of a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.domain import Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands

NOTES = """
intents:
  Note: ["(take|make) a note [that] {*text}"]
  Type: ["type {*text:words}"]
  Search: ["search [the web] for {*text}", "look up {query}"]
  SearchFiles: ["search for my files"]
  Remind: ["remind me <what>"]
lists:
  query: {wildcard: true}
expansion_rules:
  what: "(to {*text}|about {*text})"
skip_words: [please]
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Automaton:
    file = tmp_path_factory.mktemp("notes") / "notes.yaml"
    file.write_text(NOTES, encoding="utf-8")
    return compile_automaton(load_commands([file]), lambda word: [[ord(char) for char in word]])


def understood(notes: Automaton, text: str) -> Interpretation:
    found = notes.parse(text)
    assert found is not None
    for entity in found.entities:
        assert found.text[entity.start : entity.end] == entity.raw_value
    return found


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("take a note buy milk", "Note", {"text": "buy milk"}),
        ("Take a note: Buy 2 litres of milk, eggs & bread!", "Note", {"text": "Buy 2 litres of milk, eggs & bread!"}),
        ("make a note that I'm late", "Note", {"text": "I'm late"}),
        ("type Hello, World", "Type", {"words": "Hello, World"}),
        ("search the web for red shoes", "Search", {"text": "red shoes"}),
        ("look up the weather in Rome", "Search", {"query": "the weather in Rome"}),
        ("search for my files", "SearchFiles", {}),
        ("search for my files again", "Search", {"text": "my files again"}),
        ("remind me to call Zoë", "Remind", {"text": "call Zoë"}),
        ("remind me about it", "Remind", {"text": "it"}),
        ("please take a note please call", "Note", {"text": "please call"}),
    ],
)
def test_the_rest_of_the_text_is_the_value(notes: Automaton, text: str, intent: str, slots: dict[str, str]) -> None:
    found = understood(notes, text)
    assert (found.command.intent, found.slots) == (intent, slots)


@pytest.mark.parametrize("text", ["take a note", "type", "type !!!", "search the web for", "note this", "remind me"])
def test_nothing_said_after_the_words_is_no_sentence(notes: Automaton, text: str) -> None:
    assert notes.parse(text) is None


def test_a_long_text_is_kept_whole(notes: Automaton) -> None:
    text = " ".join(["many"] * 1_500)
    assert understood(notes, f"take a note {text}").slots == {"text": text}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60))
def test_typed_text_is_never_lost(notes: Automaton, text: str) -> None:
    found = notes.parse(f"type {text}")
    if found is not None:
        said = found.slots["words"]
        assert said
        assert found.command.intent == "Type"
        # As it was typed, or in spoken words where signs stick to the words before it.
        assert said in " ".join(text.split()) or said == said.lower()


def test_spoken_and_typed_text_mean_the_same(notes: Automaton) -> None:
    path = path_of(notes, "takeanote")
    assert notes.tail[notes.target[path[-1]]]
    assert notes.meaning(path, "buy milk") == notes.parse("take a note buy milk")
    with pytest.raises(GrammarError, match="not a sentence"):
        notes.meaning(path, "")


def path_of(automaton: Automaton, letters: str) -> list[int]:
    """The states along the letters; of two with the same letter the one that goes on as wanted."""
    paths: list[list[int]] = [[]]
    for letter in letters:
        paths = [
            [*path, state]
            for path in paths
            for state in range(automaton.states)
            if automaton.source[state] == (automaton.target[path[-1]] if path else 0)
            and automaton.phone[state] == ord(letter)
        ]
    return next(path for path in paths if automaton.tail[automaton.target[path[-1]]])


@pytest.mark.parametrize(
    ("sentence", "where", "what"),
    [
        ("note {*text} {*more}", "{*text}", "other free text follows"),
        ("note {*text} [and] {*more}", "{*text}", "other free text follows"),
        ("{*text}", "{*text}", "too few required words beside"),
        ("[note] {*text}", "{*text}", "too few required words beside"),
        ("do {*text}", "{*text}", "too few required words beside"),
        ("[<empty>] {query}", "{query}", "too few required words beside"),
        ("note {*}", "{*}", "unknown list"),
    ],
)
def test_free_text_that_cannot_be_told_apart_is_pointed_at(
    tmp_path: Path, sentence: str, where: str, what: str
) -> None:
    line = f"intents: {{A: ['{sentence}']}}\n"
    message = refused(tmp_path, line + "lists: {query: {wildcard: true}}\nexpansion_rules: {empty: '[so]'}\n")
    assert f"wrong.yaml:1:{line.index(where) + 1}: " in message
    assert what in message


def test_free_text_in_a_list_is_pointed_at(tmp_path: Path) -> None:
    message = refused(tmp_path, "intents: {A: ['take {holder}']}\nlists: {holder: ['a {*text}']}\n")
    assert "wrong.yaml:2:21: '{*text}' is free text, which cannot be part of a list's value" in message


def refused(folder: Path, text: str) -> str:
    file = folder / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GrammarError) as caught:
        TextParser(load_commands([file]))
    return caught.value.message


INNER = """
intents:
  Add: ["add {item} to [my|the] {store} list", "add {item} to [my] list"]
  Rename: ["rename {old} to {new}"]
  Water: ["water the {plant} (today|at {time})", "{plant} needs water"]
  Write: ["write {*text} [now]"]
  Find: ["find {owner}'s phone [quickly]", "is it {owner}'s", "list {owner}['s] things"]
lists:
  item: {wildcard: true}
  old: {wildcard: true}
  new: {wildcard: true}
  plant: {wildcard: true}
  owner: {wildcard: true}
  store: [grocery, hardware]
"""


@pytest.fixture(scope="module")
def inner(tmp_path_factory: pytest.TempPathFactory) -> TextParser:
    file = tmp_path_factory.mktemp("inner") / "inner.yaml"
    file.write_text(INNER, encoding="utf-8")
    return TextParser(load_commands([file]))


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("add oat milk to my grocery list", "Add", {"item": "oat milk", "store": "grocery"}),
        ("Add 2 Nails, size M, to the hardware list", "Add", {"item": "2 Nails, size M", "store": "hardware"}),
        ("add salt to taste to my list", "Add", {"item": "salt to taste"}),
        ("rename Draft 1 to Final Report", "Rename", {"old": "Draft 1", "new": "Final Report"}),
        ("rename a to b to c", "Rename", {"old": "a", "new": "b to c"}),
        ("water the Swiss cheese plant at six p m", "Water", {"plant": "Swiss cheese plant", "time": "18:00"}),
        ("the old fig needs water", "Water", {"plant": "the old fig"}),
        ("write see you now", "Write", {"text": "see you"}),
        ("write now", "Write", {"text": "now"}),
        ("find Aunt May's phone", "Find", {"owner": "Aunt May"}),
        ("find Aunt May\u2019s phone quickly", "Find", {"owner": "Aunt May"}),
        ("find tims phone", "Find", {"owner": "tim"}),
        ("is it Tim's", "Find", {"owner": "Tim"}),
        ("list Tim's things", "Find", {"owner": "Tim"}),
        ("list Tim things", "Find", {"owner": "Tim"}),
    ],
)
def test_free_text_in_the_middle_ends_where_the_sentence_goes_on(
    inner: TextParser, text: str, intent: str, slots: dict[str, object]
) -> None:
    found = inner.parse(text)
    assert found is not None
    assert (found.command.intent, found.slots) == (intent, slots)
    for entity in found.entities:
        assert found.text[entity.start : entity.end] == entity.raw_value


@pytest.mark.parametrize(
    "text",
    [
        "find tim phone",
        "is it tim",
        "find 's phone",
        "find s phone",
        "add to my list",
        "rename to x",
        "water the today",
        "needs water",
        "write",
    ],
)
def test_free_text_in_the_middle_has_at_least_one_word(inner: TextParser, text: str) -> None:
    assert inner.parse(text) is None


@given(st.lists(st.sampled_from(["to", "my", "list", "Milk", "&", "7", "é"]), min_size=1, max_size=9))
def test_whatever_is_added_is_kept(inner: TextParser, words: list[str]) -> None:
    found = inner.parse(f"add {' '.join(words)} to my hardware list")
    said = [word for word in words if word != "&"]
    if said:
        assert found is not None
        assert found.text.endswith("to my hardware list")


def test_many_words_are_split_at_the_first_that_fits(inner: TextParser) -> None:
    found = inner.parse("rename " + "to " * 1_500)
    assert found is not None
    assert found.slots["old"] == "to"


def test_spoken_and_typed_text_in_the_middle_mean_the_same(tmp_path: Path) -> None:
    file = tmp_path / "inner.yaml"
    file.write_text("intents: {Add: ['add {*what} to {*list} now']}\n", encoding="utf-8")
    automaton = compile_automaton(load_commands([file]), lambda word: [[ord(char) for char in word]])
    assert len(automaton.free_states) == 2
    # There is one way only: each state leads to the source of another.
    after = {int(source): state for state, source in enumerate(automaton.source)}
    path, node = [], 0
    while node in after:
        path.append(after[node])
        node = int(automaton.target[path[-1]])
    assert automaton.spoken(path) == ("add", "to", "now")
    found = automaton.meaning(path, inner=["red wine", "my list"])
    assert found.slots == {"what": "red wine", "list": "my list"}
    assert found == automaton.parse("add red wine to my list now")

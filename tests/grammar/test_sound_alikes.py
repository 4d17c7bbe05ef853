"""Values that sound alike, and templates that allow what nobody says."""

from pathlib import Path

from voiceassist.grammar.compiler.doubtful_sentences import find_doubtful_sentences
from voiceassist.grammar.compiler.sound_alikes import find_sound_alikes
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands

SOUNDS = {"flour": [[1, 2]], "flower": [[1, 2]], "rose": [[3]], "pot": [[4]]}


def commands_of(folder: Path, text: str) -> CommandSet:
    file = folder / "garden.yaml"
    file.write_text(text, encoding="utf-8")
    return load_commands([file])


def test_equal_words_with_two_meanings_are_found_without_a_model(tmp_path: Path) -> None:
    commands = commands_of(
        tmp_path,
        "intents: {Buy: ['buy {item}']}\nlists:\n  item:\n    values: [{in: rose, out: 1}, {in: Rose, out: 2}, rose]\n",
    )
    first, second = find_sound_alikes(commands)
    assert "garden.yaml:4:39: 'Rose' sounds like 'rose' in the list 'item': it always means 1, never 2" in str(first)
    assert "'rose' is there twice in the list 'item'" in str(second)


def test_words_that_a_model_cannot_tell_apart_are_found(tmp_path: Path) -> None:
    commands = commands_of(tmp_path, "intents: {Buy: ['buy {item}']}\nlists: {item: [flour pot, rose, flower pot]}\n")
    assert find_sound_alikes(commands) == []
    (found,) = find_sound_alikes(commands, SOUNDS.__getitem__)
    assert (found.first.value, found.second.value) == ("flour pot", "flower pot")


def test_values_of_one_meaning_or_of_other_contexts_may_sound_alike(tmp_path: Path) -> None:
    values = (
        "{in: [rose, Rose], out: 1}, {in: pot, out: 2, context: {domain: a}}, {in: pot, out: 3, context: {domain: b}}, "
        "{in: flour, out: 4}, {in: flower, out: 5, sounds_like: rose pot}"
    )
    commands = commands_of(tmp_path, f"intents: {{Buy: ['buy {{item}}']}}\nlists: {{item: {{values: [{values}]}}}}\n")
    assert find_sound_alikes(commands, SOUNDS.__getitem__) == []


def test_doubled_and_dangling_words_are_found_once_for_each_template(tmp_path: Path) -> None:
    commands = commands_of(
        tmp_path,
        "intents:\n"
        "  Water: ['water [the] {plant} [now]', 'spray my [{plant}]']\n"
        "  Cut: ['cut the grass', 'turn it on', 'no no no', 'go to [the] {plant}']\n"
        "lists: {plant: [the fern, '[my] cactus']}\n",
    )
    assert [
        (found.text, found.word, found.dangling, found.place.column) for found in find_doubtful_sentences(commands)
    ] == [
        ("water the the fern", "the", False, 12),
        ("spray my", "my", True, 41),
        ("go to the the fern", "the", False, 53),
    ]


def test_free_text_may_repeat_words(tmp_path: Path) -> None:
    commands = commands_of(tmp_path, "intents: {Note: ['note that {*text}', 'add {*text} to the list']}\n")
    assert find_doubtful_sentences(commands) == []


def test_a_letter_of_a_list_is_no_misplaced_article(tmp_path: Path) -> None:
    path = tmp_path / "shelves.yaml"
    path.write_text(
        "intents:\n  Go: ['go to aisle {letter}', 'press {key} {key:second}', 'hold <key>']\n"
        "lists: {key: [a, b, of]}\nexpansion_rules: {key: 'the [the]'}\n",
        encoding="utf-8",
    )
    assert [(found.text, found.word) for found in find_doubtful_sentences(load_commands([path]))] == [
        ("hold the", "the"),
    ]

"""``requires_context`` and ``excludes_context``: decided from the contexts of list values, or left out."""

from pathlib import Path

import pytest

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands

HOUSE = """
lists:
  name:
    values:
      - {in: reading lamp, out: lamp_1, context: {domain: light, area: study}}
      - {in: porch lamp, out: lamp_2, context: {domain: light, area: garden}}
      - {in: movie night, out: scene_1, context: {domain: scene}}
      - {in: front gate, out: gate, context: {domain: [cover, gate]}}
      - {in: coffee maker, out: coffee}
expansion_rules:
  it: "[the] {name}"
"""


def commands_of(folder: Path, intents: str) -> CommandSet:
    file = folder / "house.yaml"
    file.write_text(f"intents:\n{intents}{HOUSE}", encoding="utf-8")
    return load_commands([file])


def block(intent: str, sentences: str, **keys: str) -> str:
    more = "".join(f"\n        {key}: {value}" for key, value in keys.items())
    return f"  {intent}:\n    data:\n      - sentences: {sentences}{more}\n"


def meaning(commands: CommandSet, text: str) -> tuple[str, dict[str, object]] | None:
    found = TextParser(commands).parse(text)
    return None if found is None else (found.command.intent, found.slots)


def test_the_context_of_a_value_decides_between_equal_sentences(tmp_path: Path) -> None:
    commands = commands_of(
        tmp_path,
        block("Light", "['switch on <it>']", requires_context="{domain: light}")
        + block("Scene", "['switch on <it>']", requires_context="{domain: scene}"),
    )
    assert meaning(commands, "switch on the porch lamp") == ("Light", {"name": "lamp_2"})
    assert meaning(commands, "switch on movie night") == ("Scene", {"name": "scene_1"})
    assert meaning(commands, "switch on the coffee maker") is None
    assert not commands.warnings


def test_one_of_several_values_is_enough(tmp_path: Path) -> None:
    commands = commands_of(tmp_path, block("On", "['start <it>']", requires_context="{domain: [light, scene]}"))
    assert meaning(commands, "start movie night") == ("On", {"name": "scene_1"})
    assert meaning(commands, "start the front gate") is None


def test_excluded_values_are_left_out_and_values_without_the_key_stay(tmp_path: Path) -> None:
    commands = commands_of(tmp_path, block("On", "['start <it>']", excludes_context="{domain: [light]}"))
    assert meaning(commands, "start the reading lamp") is None
    assert meaning(commands, "start the coffee maker") == ("On", {"name": "coffee"})
    assert meaning(commands, "start movie night") == ("On", {"name": "scene_1"})


@pytest.mark.parametrize("sentence", ["dim [<it>]", "dim [(<it>|everything)]", "(dim;[<it>])", "dim ([now] <it>|)"])
def test_an_optional_list_must_be_said_where_its_context_is_required(tmp_path: Path, sentence: str) -> None:
    commands = commands_of(tmp_path, block("Dim", f"['{sentence}']", requires_context="{domain: light}"))
    assert meaning(commands, "dim the reading lamp") == ("Dim", {"name": "lamp_1"})
    assert meaning(commands, "dim") is None
    assert meaning(commands, "dim everything") is None


def test_two_optional_lists_of_which_one_must_be_said(tmp_path: Path) -> None:
    commands = commands_of(
        tmp_path, block("Dim", "['dim [{name:a}] [and {name:b}]']", requires_context="{domain: light}")
    )
    assert meaning(commands, "dim reading lamp") == ("Dim", {"a": "lamp_1"})
    assert meaning(commands, "dim and porch lamp") == ("Dim", {"b": "lamp_2"})
    assert meaning(commands, "dim reading lamp and porch lamp") == ("Dim", {"a": "lamp_1", "b": "lamp_2"})
    assert meaning(commands, "dim") is None


@pytest.mark.parametrize(("slot", "name"), [("true", "area"), ("room", "room")])
def test_a_context_value_is_copied_to_a_slot(tmp_path: Path, slot: str, name: str) -> None:
    commands = commands_of(tmp_path, block("On", "['start <it>']", requires_context=f"{{area: {{slot: {slot}}}}}"))
    assert meaning(commands, "start the reading lamp") == ("On", {"name": "lamp_1", name: "study"})
    assert meaning(commands, "start porch lamp") == ("On", {"name": "lamp_2", name: "garden"})
    assert meaning(commands, "start the coffee maker") is None


@pytest.mark.parametrize(("domain", "found"), [("[light, gate]", True), ("cover", True), ("scene", False)])
def test_a_value_may_have_several_values_of_a_context(tmp_path: Path, domain: str, found: bool) -> None:
    commands = commands_of(tmp_path, block("On", "['start <it>']", requires_context=f"{{domain: {domain}}}"))
    assert meaning(commands, "start front gate") == (("On", {"name": "gate"}) if found else None)
    commands = commands_of(tmp_path, block("On", "['start <it>']", name_domains=f"{domain}"))
    assert meaning(commands, "start front gate") == (("On", {"name": "gate"}) if found else None)
    commands = commands_of(tmp_path, block("On", "['start <it>']", excludes_context=f"{{domain: {domain}}}"))
    assert meaning(commands, "start front gate") == (None if found else ("On", {"name": "gate"}))


def test_a_list_may_have_a_context_for_all_of_its_values(tmp_path: Path) -> None:
    lists = "lists: {tool: {context: {kind: [garden]}, values: [spade, {in: saw, context: {kind: wood}}]}}\n"
    file = tmp_path / "tools.yaml"
    data = "{data: [{sentences: ['use {tool}'], requires_context: {kind: garden}}]}"
    file.write_text(f"intents: {{Use: {data}}}\n{lists}", encoding="utf-8")
    commands = load_commands([file])
    assert meaning(commands, "use spade") == ("Use", {"tool": "spade"})
    assert meaning(commands, "use saw") is None


@pytest.mark.parametrize("context", ["{domain: {is: light}}", "{domain: [[light], cover]}"])
def test_a_context_that_cannot_be_compared_is_pointed_at(tmp_path: Path, context: str) -> None:
    file = tmp_path / "nested.yaml"
    file.write_text(f"lists:\n  n: {{values: [{{in: a lamp, context: {context}}}]}}\nintents: {{A: ['go {{n}}']}}\n")
    with pytest.raises(GrammarError, match=r"nested.yaml:2:\d+: the context 'domain' is too complicated"):
        load_commands([file])


def test_each_of_several_values_of_a_context_is_copied(tmp_path: Path) -> None:
    required = "{domain: {value: [gate, light], slot: true}}"
    commands = commands_of(tmp_path, block("On", "['start <it>']", requires_context=required))
    assert meaning(commands, "start front gate") == ("On", {"name": "gate", "domain": "gate"})
    assert meaning(commands, "start porch lamp") == ("On", {"name": "lamp_2", "domain": "light"})
    assert meaning(commands, "start movie night") is None


def test_what_only_a_house_knows_is_left_out_with_one_warning(tmp_path: Path) -> None:
    commands = commands_of(
        tmp_path,
        block("Timer", "['timer please', 'wait here']", requires_context="{floor: {slot: true}}") + "  Stop: [halt]\n",
    )
    (warning,) = commands.warnings
    assert "house.yaml:4:22: 2 sentences from here on were left out: they need the context 'floor'" in warning
    assert meaning(commands, "timer please") is None
    assert meaning(commands, "halt") == ("Stop", {})


def test_name_domains_restrict_only_names_of_another_domain(tmp_path: Path) -> None:
    commands = commands_of(tmp_path, block("On", "['start <it>', 'start all lamps']", name_domains="[light]"))
    assert meaning(commands, "start reading lamp") == ("On", {"name": "lamp_1"})
    assert meaning(commands, "start the coffee maker") == ("On", {"name": "coffee"})
    assert meaning(commands, "start movie night") is None
    assert meaning(commands, "start all lamps") == ("On", {})


def test_lists_that_a_house_fills_are_empty_with_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "rooms.yaml"
    file.write_text("intents: {Clean: ['vacuum [the] {area}', 'vacuum everything']}", encoding="utf-8")
    commands = load_commands([file])
    (warning,) = commands.warnings
    assert "the list 'area' has no values" in warning
    assert meaning(commands, "vacuum everything") == ("Clean", {})
    assert meaning(commands, "vacuum the hall") is None


def test_a_file_that_is_one_intent(tmp_path: Path) -> None:
    folder = tmp_path / "WaterPlants"
    folder.mkdir()
    rules = tmp_path / "shared.yaml"
    rules.write_text("expansion_rules: {water: '(water|sprinkle)'}\nlists: {plant: [fern, cactus]}\n", encoding="utf-8")
    data = folder / "plant_only.yaml"
    data.write_text(
        "language: en\ndata:\n  - sentences: ['<water> the {plant:target}']\n    response: ok\n", encoding="utf-8"
    )
    plain = folder / "default.yaml"
    plain.write_text("language: en\nsentences:\n  - '<water> everything'\nresponse: ok\n", encoding="utf-8")
    named = tmp_path / "feeding.yaml"
    named.write_text("intent: Feed\nsentences: [feed the fish]\nslots: {what: fish}\n", encoding="utf-8")
    commands = load_commands([data, plain, named, rules])
    assert meaning(commands, "sprinkle the fern") == ("WaterPlants", {"target": "fern"})
    assert meaning(commands, "water everything") == ("WaterPlants", {})
    assert meaning(commands, "feed the fish") == ("Feed", {"what": "fish"})
    assert len(commands.warnings) == 2
    assert all("has no effect here: response" in warning for warning in commands.warnings)


def test_files_with_lists_and_rules_alone_are_right(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("expansion_rules: {now: '[right] now'}\n", encoding="utf-8")
    commands = load_commands([rules])
    assert not commands.intents
    assert TextParser(commands).parse("now") is None


@pytest.mark.parametrize(
    ("text", "said"), [("bed[ ]room", "bedroom"), ("bed[ ]room", "bed room"), ("set to {0..9:x}[[ ]%]", "set to 5 %")]
)
def test_optional_blanks(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "blanks.yaml"
    file.write_text(f"intents: {{A: ['{text}']}}", encoding="utf-8")
    assert TextParser(load_commands([file])).parse(said) is not None

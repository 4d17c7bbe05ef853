"""Numbers beyond the limits of their slot: understood, so that they are never taken for one within the limits."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of, ways_to_say

from voiceassist.domain import CommandSpec, Decision, Interpretation, RejectReason, ValueRange, Verdict
from voiceassist.engine.policy import decide, decide_typed
from voiceassist.grammar.compiler.ambiguity import find_ambiguities
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.numbers import spell, spellings
from voiceassist.grammar.language.templates import parse_template
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import AnyList, GrammarList, RangeList, builtin_lists, number_list
from voiceassist.packs.calibration import Calibration

LISTS = builtin_lists()
PERCENT = automaton_of("set it to {percent}", LISTS)
NUMBERS: dict[str, AnyList] = {"range": number_list(RangeList(-50, 2_000)), "steps": RangeList(0, 300, 25)}
AUTOMATA = {name: automaton_of(f"go {{{name}}}", LISTS | NUMBERS) for name in ("percent", "duration", *NUMBERS)}
CALIBRATION = Calibration(prior_weight=0.3, slope=4.0, intercept=4.0, act_prob=0.8, ask_prob=0.4)


def understood(automaton: Automaton, text: str) -> Interpretation:
    found = automaton.parse(text)
    assert found is not None, text
    return found


@given(st.integers(101, 9_999), st.sampled_from(["percent", "per cent"]))
def test_every_spelling_of_a_percentage_above_one_hundred(number: int, unit: str) -> None:
    for words in spellings(number):
        found = understood(PERCENT, f"set it to {words} {unit}")
        assert (found.slots, found.out_of_range) == ({"percent": number}, found.entities[0])
        assert found.entities[0].out_of_range == ValueRange(0, 100)


@pytest.mark.parametrize(
    ("text", "value"),
    [("200%", 200), ("-5%", -5), ("minus ten percent", -10), ("50.5%", 50.5), ("fifty and a half percent", 50.5)],
)
def test_percentages_that_are_not_taken(text: str, value: float) -> None:
    entity = understood(PERCENT, f"set it to {text}").out_of_range
    assert entity is not None
    assert entity.value == value


@given(st.integers(0, 100))
def test_a_number_within_the_limits_is_not_out_of_range(number: int) -> None:
    assert understood(PERCENT, f"set it to {spell(number)} percent").out_of_range is None


def test_it_is_rejected_with_the_limits() -> None:
    found = understood(PERCENT, "set it to two hundred percent")
    message = "“two hundred percent” is out of range: say a whole number from 0 to 100."
    assert decide_typed(found) == Decision(Verdict.REJECT, RejectReason.OUT_OF_RANGE, message)
    assert decide(found, CALIBRATION) == Decision(Verdict.REJECT, RejectReason.OUT_OF_RANGE, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set the volume to 200%", "The volume goes from 0 to 100; “two hundred” is out of range."),
        ("brightness 300", "The brightness goes from 0 to 100; “three hundred” is out of range."),
        ("turn it up by 150", "A step of the volume goes from 0 to 100; “one hundred and fifty” is out of range."),
        ("go to tab nine", "The number of the tab goes from 1 to 8; “nine” is out of range."),
    ],
)
def test_the_default_commands_say_of_what_the_limits_are(text: str, message: str) -> None:
    commands = load_commands(sorted((Path(__file__).parents[2] / "assets" / "commands").glob("*.yaml")))
    assert decide_typed(TextParser(commands).parse(text)).message == message


def test_a_later_file_may_name_the_subject(tmp_path: Path) -> None:
    first, later = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("intents: {Heat: {subject: heat, sentences: ['heat to {5..30} degrees']}}\n", encoding="utf-8")
    later.write_text("intents: {Heat: {subject: the room, sentences: ['warm to {5..30,5}']}}\n", encoding="utf-8")
    for files, text, message in (
        ([first], "heat to 40 degrees", "Heat goes from 5 to 30; “forty” is out of range."),
        ([first, later], "warm to 12", "The room goes from 5 to 30 in steps of 5; “twelve” is out of range."),
    ):
        assert decide_typed(TextParser(load_commands(files)).parse(text)).message == message


def test_what_was_heard_badly_is_not_blamed_for_its_value() -> None:
    entity_of = understood(PERCENT, "set it to two hundred percent")
    doubtful = Interpretation(entity_of.text, entity_of.command, entity_of.entities, confidence=0.01)
    assert decide(doubtful, CALIBRATION).reject_reason is RejectReason.NO_MATCH


@given(st.integers(-40, 40), st.integers(0, 40), st.integers(1, 9), st.integers(-200, 200))
@settings(max_examples=40, deadline=None)
def test_a_range_takes_its_numbers_and_names_its_limits_for_others(
    start: int, size: int, step: int, number: int
) -> None:
    automaton = automaton_of("go {n}", {"n": number_list(RangeList(start, start + size, step))})
    found = understood(automaton, f"go {number}")
    assert found.slots == {"n": number}
    limits = None if number in range(start, start + size + 1, step) else ValueRange(start, start + size, step)
    assert found.entities[0].out_of_range == limits


def test_fractions_of_a_range() -> None:
    halves: dict[str, AnyList] = {"n": number_list(RangeList(0, 10, fractions=(5,)))}
    automaton = automaton_of("go {n}", halves)
    assert understood(automaton, "go two and a half").out_of_range is None
    entity = understood(automaton, "go 10.3").out_of_range
    assert entity is not None
    assert str(entity.out_of_range) == "a number from 0 to 10 in steps of 0.5"


def _commands(sentences: dict[str, str], lists: dict[str, AnyList]) -> CommandSet:
    def spec(text: str) -> SentenceSpec:
        template = parse_template(text, lambda offset: SourcePosition("test", 1, offset + 1))
        return SentenceSpec(template, Scope(lists, {}), {})

    specs = {name: (spec(text),) for name, text in sentences.items()}
    return CommandSet({name: CommandSpec(name) for name in sentences}, specs, lists, {})


def test_a_command_that_takes_the_number_wins_over_one_that_does_not() -> None:
    commands = _commands({"Low": "channel {1..30}", "High": "channel {100..200}", "Any": "channel {*text}"}, {})
    grammar = TextParser(commands)
    meant = {text: grammar.parse(f"channel {text}") for text in ("7", "150", "50")}
    assert [found.command.intent for found in meant.values() if found] == ["Low", "High", "Any"]
    assert find_ambiguities(_commands({"Low": "channel {1..30}", "High": "channel {100..200}"}, {})) == []


@pytest.mark.parametrize("text", ["zero minutes", "two thousand hours", "0 seconds", "300,000 seconds"])
def test_durations_that_are_not_taken(text: str) -> None:
    assert understood(automaton_of("wait {duration}", LISTS), f"wait {text}").out_of_range is not None


@pytest.mark.parametrize(("text", "seconds"), [("five thousand minutes", 300_000), ("86400 seconds", 86_400)])
def test_long_durations(text: str, seconds: int) -> None:
    found = understood(automaton_of("wait {duration}", LISTS), f"wait {text}")
    assert (found.slots, found.out_of_range) == ({"duration": seconds}, None)


@given(st.sampled_from(["percent", "duration", "range", "steps"]), st.data())
def test_whatever_is_out_of_range_has_a_value(name: str, data: st.DataObject) -> None:
    lists = LISTS | {"range": number_list(RangeList(-50, 2_000)), "steps": RangeList(0, 300, 25).outside}
    found = lists[name]
    assert isinstance(found, GrammarList)
    words = data.draw(ways_to_say(found, outside=True))
    value = found.read(words)
    assert isinstance(value, int | float)
    entity = understood(AUTOMATA[name], f"go {' '.join(words)}").entities[0]
    assert entity.value == value
    if name != "duration":
        limits = found.limits
        assert limits is not None
        inside = limits.lowest <= value <= limits.highest and value % limits.step == 0
        assert (entity.out_of_range is None) == inside


def test_nothing_out_of_range_is_drawn() -> None:
    commands = _commands({"Set": "set it to {0..3}"}, {})
    drawn = {found.text for found in Sampler(commands, seed=1).draw_many(60)}
    assert drawn == {"set it to zero", "set it to one", "set it to two", "set it to three"}

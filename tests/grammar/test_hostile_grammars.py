"""Malformed, recursive, ambiguous, empty and huge grammars: an error with its place, or a grammar; never a hang."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.dag import DEFAULT_LIMITS, GraphLimits
from voiceassist.grammar.files.merge import load_commands

GUARD = timedelta(seconds=30)
"""Far more than any example takes: what reaches it hangs."""

PIECES = [
    "go", "light", "s", "TV", "it's", "5", "0..30", "text", "text:slot", "a", "b", "r", "q", "number", "duration",
    "(", ")", "[", "]", "{", "}", "<", ">", "|", ";", " ", " ", " ", "*", ":", "\\", "'", "{a}", "<r>", "<q>", "{*t}",
    "{number}", "[the]", "(a|b)", "(a;b;c)", "é", "ж", "\t", "{0..9:n}",
]  # fmt: skip
TEMPLATE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def compiled(folder: Path, text: str, limits: GraphLimits = DEFAULT_LIMITS) -> Automaton:
    file = folder / "wild.yaml"
    file.write_text(text, encoding="utf-8")
    return compile_automaton(load_commands([file]), lambda word: [[ord(char) for char in word]], limits=limits)


def attempt(folder: Path, text: str, limits: GraphLimits = DEFAULT_LIMITS) -> Automaton | GrammarError:
    try:
        return compiled(folder, text, limits)
    except GrammarError as error:
        return error


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@settings(max_examples=200, deadline=GUARD, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEMPLATE, min_size=1, max_size=3), TEMPLATE, TEMPLATE, TEMPLATE, st.text("go thelight12", max_size=20))
def test_any_template_compiles_or_is_pointed_at(
    tmp_path: Path, sentences: list[str], rule: str, other: str, value: str, typed: str
) -> None:
    text = (
        f"intents: {{A: [{', '.join(map(quoted, sentences))}]}}\n"
        f"expansion_rules: {{r: {quoted(rule)}, q: {quoted(other)}}}\nlists: {{a: [{quoted(value)}, on]}}\n"
    )
    result = attempt(tmp_path, text)
    if isinstance(result, GrammarError):
        assert f"{tmp_path / 'wild.yaml'}:" in result.message
        assert result.hint
    else:
        found = result.parse(typed)
        assert found is None or found.command.intent == "A"


@settings(max_examples=100, deadline=GUARD, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("intents: {A[go]}\n -&*x'\"|>%#0"), max_size=80))
def test_any_file_compiles_or_is_pointed_at(tmp_path: Path, text: str) -> None:
    result = attempt(tmp_path, text)
    if isinstance(result, GrammarError):
        assert f"{tmp_path / 'wild.yaml'}:" in result.message
    else:
        assert result.states > 0


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        (" ".join(["(a;b;c;d;e;f;g;h)"] * 40), {}),
        ("go " + " ".join(f"[{letter}{number % 7}]" for number in range(100) for letter in "abcde"), {}),
        ("<r0> go", {f"r{level}": f"(<r{level + 1}>|x) <r{level + 1}>" for level in range(25)} | {"r25": "go"}),
        ("<r0>", {f"r{level}": f"<r{level + 1}> <r{level + 1}>" for level in range(12)} | {"r12": "go"}),
        ("{0..9999:a} {0..9999:b} {0..9999:c} {0..9999:d} " * 8, {}),
        (" ".join(["{spelled}"] * 30), {}),
        (" ".join(["go"] * 300), {}),
        (" ".join(["[a|b|c|(d;e;f)]"] * 200) + " go", {}),
    ],
)
def test_huge_sentences_end_in_bounds(tmp_path: Path, sentence: str, rules: dict[str, str]) -> None:
    limits = GraphLimits(max_word_nodes=30_000, max_phone_nodes=100_000)
    named = ", ".join(f"{name}: {quoted(text)}" for name, text in rules.items())
    text = f"intents: {{A: [{quoted(sentence)}]}}\nexpansion_rules: {{{named}}}\n"
    result = attempt(tmp_path, text, limits)
    assert result.hint if isinstance(result, GrammarError) else result.nodes <= 100_000


def test_the_same_sentence_many_times_is_one(tmp_path: Path) -> None:
    intents = "".join(f"  I{number}: ['go now', 'go [right] now']\n" for number in range(500))
    automaton = compiled(tmp_path, f"intents:\n{intents}")
    assert automaton.states <= len("go") + 2 * len("now") + len("right")
    found = automaton.parse("go now")
    assert found is not None
    assert found.command.intent == "I0"


def test_a_long_sentence_is_understood_to_its_end(tmp_path: Path) -> None:
    words = ["go", "on", "now", "light"] * 55
    found = compiled(tmp_path, f"intents: {{A: ['{' '.join(words)} {{number}}']}}").parse(f"{' '.join(words)} seven")
    assert found is not None
    assert found.slots == {"number": 7}

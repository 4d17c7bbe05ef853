"""Whether a sentence could go on, against the sentences themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.action_spec import Risk
from voiceassist.domain import CommandSpec, Decision, Interpretation, Recognition, Verdict
from voiceassist.engine.endpoint import Continuations, Ending, Endings, is_clear
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT, WakePrefix
from voiceassist.grammar.files.merge import load_commands

WORDS = ("open", "close", "the", "door", "doors", "now")


def encode(word: str) -> list[list[int]]:
    """Two letters a token, so that words share beginnings."""
    if not word.isalpha():
        raise GrammarError(f"cannot hear {word}", hint="write it in letters")
    return [[ord(word[at]) * 256 + ord(word[at + 1 : at + 2] or " ") for at in range(0, len(word), 2)]]


def compiled(folder: Path, *sentences: str, wake: WakePrefix | None = None) -> Automaton:
    file = folder / "commands.yaml"
    file.write_text("intents:\n" + "".join(f"  I{n}: ['{text}']\n" for n, text in enumerate(sentences)))
    return compile_automaton(load_commands([file]), encode, wake)


@given(sentences=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=6))
def test_more_can_come_where_a_longer_sentence_begins_so(sentences, tmp_path_factory):
    said = [" ".join(words) for words in sentences]
    continuations = Continuations(compiled(tmp_path_factory.mktemp("grammar"), *said), encode)
    for words in sentences:
        longer = any(other[: len(words)] == words and len(other) > len(words) for other in sentences)
        assert continuations.after(words) is (Ending.WORDS if longer else Ending.NOTHING)


def test_free_text_and_unknown_words_can_always_go_on(tmp_path):
    continuations = Continuations(compiled(tmp_path, "take a note {*text}", "stop"), encode)
    assert continuations.after(["take", "a", "note", "buy", "milk"]) is Ending.FREE
    assert continuations.after(["stop"]) is Ending.NOTHING
    assert continuations.after(["halt"]) is Ending.WORDS
    assert continuations.after(["9"]) is Ending.WORDS


def recognition(text: str, intent: str = "I0", *, woken: bool = False) -> Recognition:
    best = Interpretation(text, CommandSpec(intent), woken=woken)
    return Recognition(text, text, best, (), Decision(Verdict.ACT), "test", 0, 0)


def test_a_glance_has_all_that_the_end_of_an_utterance_needs(tmp_path):
    automaton = compiled(tmp_path, "open the door", "open the door now", wake=WakePrefix("hey computer"))
    endings = Endings(encode)
    assert endings.glance(recognition("open the door"), automaton).could_continue
    done = endings.glance(recognition("open the door now", woken=True), automaton)
    assert (done.could_continue, done.woken, done.wake_only) == (False, True, False)
    called = endings.glance(recognition("hey computer", WAKE_INTENT, woken=True), automaton)
    assert (called.could_continue, called.woken, called.wake_only) == (True, True, True)
    nothing = endings.glance(Recognition("", "", None, (), Decision(Verdict.REJECT), "test", 0, 0), automaton)
    assert (nothing.could_continue, nothing.woken) == (True, False)


def test_another_grammar_has_other_endings(tmp_path):
    endings = Endings(encode)
    short = compiled(tmp_path, "open")
    assert not endings.glance(recognition("open"), short).could_continue
    assert endings.glance(recognition("open"), compiled(tmp_path, "open", "open now")).could_continue
    assert not endings.glance(recognition("open"), short).could_continue


@pytest.mark.parametrize(
    ("verdict", "risk", "clear"),
    [
        (Verdict.ACT, Risk.SAFE, True),
        (Verdict.ASK, Risk.DESTROYS, True),
        (Verdict.ASK, Risk.SAFE, False),
        (Verdict.REJECT, Risk.SAFE, False),
    ],
)
def test_what_is_clear(verdict, risk, clear):
    best = Interpretation("x", CommandSpec("X", risk=risk))
    assert is_clear(Recognition("x", "x", best, (), Decision(verdict), "test", 0, 0)) is clear
    assert not is_clear(Recognition("x", "x", None, (), Decision(verdict), "test", 0, 0))

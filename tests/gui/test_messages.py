"""What the window says."""

from __future__ import annotations

import pytest
from gui_fakes import CALENDAR, RINGS, SHUT_DOWN, TIMER, recognition
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.domain import CommandSpec, Entity, Interpretation, RejectReason, Verdict
from voiceassist.engine.runner import ListenState
from voiceassist.errors import DeviceError
from voiceassist.gui.messages import (
    REASON_WORDS,
    STATE_WORDS,
    error_words,
    intent_words,
    measure_words,
    outcome_words,
    slot_words,
    state_words,
    value_words,
)


@pytest.mark.parametrize("state", list(ListenState))
def test_every_state_has_words(state: ListenState) -> None:
    assert STATE_WORDS[state.value]


def test_ready_says_how_to_begin_only_where_a_key_is_needed() -> None:
    assert "Hold" in state_words("idle", "F9", "push")
    assert "Press the button or F9" in state_words("idle", "F9", "toggle")
    assert "F9" not in state_words("idle", "F9", "open")
    assert state_words("waiting", "F9", "wake", "hey computer") == "Say “hey computer”"


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        (Entity("duration", 7505, "two hours five minutes and five seconds", 0, 5), "2 hours 5 minutes 5 seconds"),
        (Entity("duration", 60, "a minute", 0, 5), "1 minute"),
        (Entity("duration", 0, "zero seconds", 0, 5), "0 seconds"),
        (Entity("percent", 40, "forty percent", 0, 5), "40 %"),
        (Entity("time", "07:30", "seven thirty", 0, 5), "7:30"),
        (Entity("date", "2027-05-03", "the third of may", 0, 5), "Mon 3 May 2027"),
        (Entity("time", "soon", "soon", 0, 5), "soon"),
        (Entity("app", "firefox", "firefox", 0, 5), "firefox"),
        (Entity("count", 3, "three times", 0, 5), "3"),
    ],
)
def test_values_are_shown_with_their_units(entity: Entity, words: str) -> None:
    assert value_words(entity) == words


@pytest.mark.parametrize("reason", list(RejectReason))
def test_every_reason_is_told_in_its_own_plain_words(reason: RejectReason) -> None:
    rejected = recognition(None, Verdict.REJECT, reason=reason)
    assert outcome_words(rejected, acting=True) == REASON_WORDS[reason]
    assert reason.value not in REASON_WORDS[reason]
    assert len(set(REASON_WORDS.values())) == len(RejectReason)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TimerStart", "Timer start"),
        ("timer_start", "Timer start"),
        ("a.b", "A b"),
        ("", "(no name)"),
    ],
)
def test_intents_read_as_words(name: str, words: str) -> None:
    assert intent_words(name) == words


@given(st.text(max_size=40))
def test_any_intent_name_has_words(name: str) -> None:
    assert intent_words(name).strip()


def test_slots_show_value_and_spoken_words() -> None:
    assert slot_words(TIMER) == ("duration: 10 minutes",)
    assert slot_words(CALENDAR) == ()


def test_the_outcome_of_the_action_comes_first() -> None:
    assert outcome_words(recognition(TIMER, Verdict.ACT, outcome=RINGS), acting=True) == RINGS.message


def test_why_nothing_was_done_is_always_said() -> None:
    understood = recognition(TIMER, Verdict.ACT)
    assert "switched off" in outcome_words(understood, acting=False)
    without_action = recognition(Interpretation("hello", CommandSpec("Hello")), Verdict.ACT)
    assert "no action" in outcome_words(without_action, acting=True)


def test_what_destroys_is_asked_in_other_words_than_what_was_unclear() -> None:
    assert "cannot be put back" in outcome_words(recognition(SHUT_DOWN, Verdict.ASK), acting=True)
    assert "Did you mean" in outcome_words(recognition(CALENDAR, Verdict.ASK), acting=True)


def test_small_print_tells_model_sound_and_time() -> None:
    assert measure_words(recognition(TIMER, Verdict.ACT)) == "shared-int8  ·  2.3 s of sound  ·  answered in 14 ms"


def test_errors_have_a_hint_also_when_nobody_expected_them() -> None:
    assert error_words(DeviceError("no microphone", hint="plug one in")) == ("No microphone", "Plug one in")
    message, hint = error_words(KeyError("x"))
    assert "x" in message
    assert "log" in hint

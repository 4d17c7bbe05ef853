"""What answers a question, and what comes of it."""

from __future__ import annotations

import pytest

from voiceassist.domain import CommandSpec, Decision, Entity, Interpretation, Recognition, RejectReason, Verdict
from voiceassist.engine.answers import Question


def timer(words: str, seconds: int) -> Interpretation:
    text = f"set a timer for {words} seconds"
    return Interpretation(text, CommandSpec("Timer", "timer.start"), (Entity("duration", seconds, words, 16, 20),))


THIRTY, THIRTEEN = timer("thirty", 30), timer("thirteen", 13)
BOTH = Question(Recognition(THIRTY.text, "", THIRTY, (THIRTEEN,), Decision(Verdict.ASK), "test", 0.0, 0.0))
ONE = Question(Recognition(THIRTY.text, "", THIRTY, (), Decision(Verdict.ASK), "test", 0.0, 0.0))


@pytest.mark.parametrize(
    ("answer", "choice"),
    [("yes", 0), ("Yes, please!", 0), ("the second one", 1), ("second", 1), ("number one", 0), ("thirteen", 1),
     ("thirty", 0), ("set a timer for thirteen seconds", 1), ("no", None), ("never mind", None), ("don't", None)],
)  # fmt: skip
def test_what_answers_a_question_with_two_choices(answer: str, choice: int | None) -> None:
    assert BOTH.chosen(answer) == choice


@pytest.mark.parametrize("answer", ["the third one", "set a timer", "perhaps", ""])
def test_all_else_is_no_answer(answer: str) -> None:
    with pytest.raises(LookupError):
        BOTH.chosen(answer)


def test_with_one_choice_there_is_no_second() -> None:
    assert ONE.chosen("yes") == 0
    with pytest.raises(LookupError):
        ONE.chosen("the second one")


def test_a_choice_is_confirmed_and_the_others_stay_alternatives() -> None:
    answered = BOTH.resolved(1)
    assert (answered.best, answered.alternatives, answered.text) == (THIRTEEN, (THIRTY,), THIRTEEN.text)
    assert answered.decision.verdict is Verdict.ACT


def test_a_no_declines() -> None:
    assert BOTH.resolved(None).decision == Decision(Verdict.REJECT, RejectReason.DECLINED)

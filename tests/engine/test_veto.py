"""Commands for some applications only."""

from collections.abc import Collection

import pytest

from voiceassist.action_spec import Risk
from voiceassist.domain import CommandSpec, Decision, Interpretation, RejectReason, Verdict
from voiceassist.engine.pipeline import parse_text
from voiceassist.engine.policy import decide_typed, veto

ACT, ASK = Decision(Verdict.ACT), Decision(Verdict.ASK)
VETOED = Decision(Verdict.REJECT, RejectReason.VETOED)
NO_MATCH = Decision(Verdict.REJECT, RejectReason.NO_MATCH)
NEW_TAB = Interpretation("new tab", CommandSpec("NewTab", apps=("Firefox", "Text Editor")))


class OneSentence:
    """A grammar with one sentence."""

    def parse(self, text: str) -> Interpretation | None:
        return NEW_TAB if text == "new tab" else None


@pytest.mark.parametrize(
    ("active", "decision"),
    [({"firefox"}, ACT), ({"navigator", "firefox"}, ACT), ({"text editor"}, ACT), ({"xterm"}, VETOED), ((), VETOED),
     (None, ASK)],
)  # fmt: skip
def test_a_command_is_for_its_applications(active: Collection[str] | None, decision: Decision) -> None:
    assert veto(ACT, NEW_TAB, lambda: active) == decision
    recognition = parse_text("new tab", OneSentence(), active_application=lambda: active)
    assert recognition.decision == decision
    assert recognition.to_json()["reject_reason"] == ("vetoed" if decision == VETOED else None)


def test_without_a_window_in_front_every_command_is_for_every_application() -> None:
    assert veto(ACT, NEW_TAB, None) == ACT


def test_nobody_is_asked_about_commands_for_every_application() -> None:
    def fail() -> Collection[str]:
        pytest.fail("this takes time")

    assert veto(ACT, Interpretation("stop", CommandSpec("Stop")), fail) == ACT
    assert veto(NO_MATCH, None, fail) == NO_MATCH
    assert veto(NO_MATCH, NEW_TAB, fail) == NO_MATCH


def test_what_destroys_is_still_asked_first() -> None:
    close = Interpretation("close it", CommandSpec("Close", risk=Risk.DESTROYS, apps=("firefox",)))
    assert veto(decide_typed(close), close, lambda: {"firefox"}) == ASK
    assert veto(decide_typed(close), close, lambda: {"xterm"}) == VETOED

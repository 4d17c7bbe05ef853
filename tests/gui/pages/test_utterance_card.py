"""The card: what it shows, and how it asks."""

from __future__ import annotations

import pytest
from gui_fakes import CALENDAR, RINGS, SHUT_DOWN, TIMER, recognition
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.domain import ActionOutcome, Interpretation, Recognition, RejectReason, Verdict
from voiceassist.gui.messages import REASON_WORDS
from voiceassist.gui.pages.utterance_card import UtteranceCard

Chosen = list[tuple[Recognition, Interpretation]]


@pytest.fixture
def card(qtbot: QtBot) -> UtteranceCard:
    made = UtteranceCard()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def chosen(card: UtteranceCard) -> Chosen:
    answers: Chosen = []
    card.confirmed.connect(lambda *answer: answers.append(answer))
    return answers


def buttons(card: UtteranceCard) -> dict[str, QPushButton]:
    QApplication.processEvents()  # what a layout takes in is shown on the next turn of the loop
    return {button.text(): button for button in card.findChildren(QPushButton) if button.isVisible()}


def test_it_shows_what_was_heard_understood_and_done(card: UtteranceCard) -> None:
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS, heard="set a timer ten minutes"), acting=True)
    words = [label.text() for label in card.findChildren(type(card._heard)) if label.isVisible()]
    assert "set a timer ten minutes" in words
    assert "Understood: Timer start (“set a timer for ten minutes”)" in words
    assert "duration: 600 (“ten minutes”)" in words
    assert "97% sure" in words
    assert card._confidence.fraction == pytest.approx(0.97)
    assert card.outcome_text == RINGS.message
    assert not buttons(card)


@pytest.mark.parametrize("reason", list(RejectReason))
def test_a_rejection_says_why_and_is_not_called_understood(card: UtteranceCard, reason: RejectReason) -> None:
    card.show_recognition(recognition(CALENDAR, Verdict.REJECT, reason=reason), acting=True)
    assert card.outcome_text == REASON_WORDS[reason]
    assert card._intent.text().startswith("Nearest command")


def test_no_candidates_are_offered_for_what_was_no_command(card: UtteranceCard) -> None:
    card.show_recognition(recognition(CALENDAR, Verdict.REJECT, reason=RejectReason.NO_MATCH), acting=True)
    assert not buttons(card)


def test_a_doubtful_utterance_offers_what_it_may_have_been(card: UtteranceCard, chosen: Chosen) -> None:
    shown = recognition(CALENDAR, Verdict.REJECT, reason=RejectReason.LOW_CONFIDENCE, alternatives=(TIMER,))
    card.show_recognition(shown, acting=True)
    assert list(buttons(card)) == ["show the calendar", "set a timer for ten minutes"]
    buttons(card)["set a timer for ten minutes"].click()
    assert chosen == [(shown, TIMER)]


def test_a_question_can_be_answered_with_yes_once(card: UtteranceCard, chosen: Chosen) -> None:
    asked = recognition(SHUT_DOWN, Verdict.ASK)
    card.show_recognition(asked, acting=True)
    yes = buttons(card)["Yes: shut down the computer"]
    assert yes.property("role") == "danger"
    yes.click()
    assert chosen == [(asked, SHUT_DOWN)]
    assert not buttons(card)


def test_a_question_can_be_answered_with_no(card: UtteranceCard, chosen: Chosen) -> None:
    card.show_recognition(recognition(SHUT_DOWN, Verdict.ASK), acting=True)
    buttons(card)["No, leave it"].click()
    assert not chosen
    assert not buttons(card)
    assert "Left alone" in card.outcome_text


def test_an_alternative_that_destroys_is_asked_before_it_is_done(card: UtteranceCard, chosen: Chosen) -> None:
    card.show_recognition(recognition(CALENDAR, Verdict.ASK, alternatives=(SHUT_DOWN,)), acting=True)
    buttons(card)["shut down the computer"].click()
    assert not chosen
    assert "cannot be put back" in card.outcome_text
    buttons(card)["Yes: shut down the computer"].click()
    assert [choice for _, choice in chosen] == [SHUT_DOWN]


def test_an_old_utterance_offers_nothing(card: UtteranceCard) -> None:
    card.show_recognition(recognition(SHUT_DOWN, Verdict.ASK), acting=True, live=False)
    assert not buttons(card)


def test_a_failed_action_is_told_as_one(card: UtteranceCard) -> None:
    failed = ActionOutcome(False, "There is no sound server.")
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=failed), acting=True)
    assert card.outcome_text == "There is no sound server."
    assert card._outcome.property("tone") == "bad"


def test_words_with_signs_of_markup_are_shown_as_they_are(card: UtteranceCard) -> None:
    card.show_recognition(recognition(None, Verdict.REJECT, heard="<b>rock & roll</b>"), acting=True)
    assert card.heard_text == "<b>rock & roll</b>"
    assert "\n" not in card.heard_text


def test_what_was_done_can_be_undone_once(card: UtteranceCard) -> None:
    wanted: list[Recognition] = []
    card.undo_wanted.connect(wanted.append)
    done = recognition(TIMER, Verdict.ACT, outcome=ActionOutcome(True, "The timer runs.", "7"))
    card.show_recognition(done, acting=True)
    button = buttons(card)["Undo"]
    assert button.accessibleName() == "Undo: The timer runs."
    button.click()
    assert wanted == [done]
    assert not buttons(card)
    card.show_undone(done, ActionOutcome(True, "The timer is cancelled."))
    assert card.outcome_text == "The timer is cancelled."
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS), acting=True)
    card.show_undone(done, ActionOutcome(True, "Something else."))
    assert card.outcome_text == RINGS.message
    assert not buttons(card)

"""The card: what it shows, and how it asks."""

from __future__ import annotations

import pytest
from gui_fakes import CALENDAR, RINGS, SHUT_DOWN, TIMER, recognition
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionOutcome
from voiceassist.domain import Interpretation, Recognition, RejectReason, Verdict
from voiceassist.gui.messages import REASON_WORDS
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.command_views import CommandExamples, CommandView, nearest_examples

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
    shown = (button for button in card.findChildren(QPushButton) if button.isVisible())
    return {button.text(): button for button in shown if button is not card.details_button}


def chips(card: UtteranceCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.property("role") == "chip"]


def test_the_understood_command_is_large_and_its_values_have_units(card: UtteranceCard) -> None:
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS, heard="set a timer ten minutes"), acting=True)
    assert card.title_text == "Set a timer for ten minutes"
    assert chips(card) == ["10 minutes"]
    assert card.outcome_text == RINGS.message
    assert card._status.text() == "✓ Done"
    assert not buttons(card)


def test_what_was_heard_is_shown_on_demand(card: UtteranceCard) -> None:
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS, heard="set a timer ten minutes"), acting=True)
    assert not card._details.isVisible()
    card.details_button.click()
    assert card._details.isVisible()
    assert card.heard_text == "set a timer ten minutes"
    assert card._details.percent.text() == "97 % sure"
    assert card._details.confidence.value() == 97


@pytest.mark.parametrize("reason", list(RejectReason))
def test_a_rejection_says_why_and_is_not_called_understood(card: UtteranceCard, reason: RejectReason) -> None:
    card.show_recognition(recognition(CALENDAR, Verdict.REJECT, reason=reason), acting=True)
    assert card.outcome_text == REASON_WORDS[reason]
    assert card._status.text() == "○ Nothing done"
    assert chips(card) == []
    understood = reason in (RejectReason.VETOED, RejectReason.NEGATED, RejectReason.DECLINED, RejectReason.OUT_OF_RANGE)
    assert (card.title_text == "Show the calendar") is understood


def test_what_was_typed_is_not_called_speech(card: UtteranceCard) -> None:
    card.show_recognition(
        recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard="abc", model="text"), acting=True
    )
    assert card.title_text == "I know no such command"
    assert "heard" not in f"{card.outcome_text} {card.details_button.text()}".lower()


def test_what_was_mistyped_offers_the_commands_that_read_like_it(card: UtteranceCard, qtbot: QtBot) -> None:
    examples = ("what time is it", "lock the screen", "what time is …")  # the last one cannot be said by a click
    view = CommandView(tuple(CommandExamples("X", (), example=text) for text in examples))
    card.nearest = lambda text: nearest_examples(view, text)
    unknown = recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard="What time is ti", model="text")
    card.show_recognition(unknown, acting=True)
    assert list(buttons(card)) == ["“What time is it”"]
    with qtbot.waitSignal(card.suggested) as asked:
        buttons(card)["“What time is it”"].click()
    assert asked.args == ["what time is it"]


def test_no_match_names_the_nearest_commands_and_what_was_in_the_way(card: UtteranceCard, chosen: Chosen) -> None:
    shown = recognition(
        CALENDAR,
        Verdict.REJECT,
        reason=RejectReason.NO_MATCH,
        heard="show the purple calendar",
        alternatives=(TIMER,),
    )
    card.show_recognition(shown, acting=True)
    QApplication.processEvents()
    labels = [label.text() for label in card.findChildren(type(card._title)) if label.isVisible()]
    assert any("“purple”" in text for text in labels)
    assert list(buttons(card)) == ["Show the calendar", "Set a timer for ten minutes"]
    buttons(card)["Show the calendar"].click()
    assert chosen == [(shown, CALENDAR)]


def test_a_doubtful_utterance_offers_what_it_may_have_been(card: UtteranceCard, chosen: Chosen) -> None:
    shown = recognition(CALENDAR, Verdict.REJECT, reason=RejectReason.LOW_CONFIDENCE, alternatives=(TIMER,))
    card.show_recognition(shown, acting=True)
    assert list(buttons(card)) == ["Show the calendar", "Set a timer for ten minutes"]
    buttons(card)["Set a timer for ten minutes"].click()
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
    assert not card.decline()


def test_an_alternative_that_destroys_is_asked_before_it_is_done(card: UtteranceCard, chosen: Chosen) -> None:
    card.show_recognition(recognition(CALENDAR, Verdict.ASK, alternatives=(SHUT_DOWN,)), acting=True)
    buttons(card)["Shut down the computer"].click()
    assert not chosen
    assert "cannot be put back" in card.outcome_text
    buttons(card)["Yes: shut down the computer"].click()
    assert [choice for _, choice in chosen] == [SHUT_DOWN]


def test_an_old_utterance_offers_nothing(card: UtteranceCard) -> None:
    card.show_recognition(recognition(SHUT_DOWN, Verdict.ASK), acting=True, live=False)
    assert not buttons(card)


def test_the_old_card_is_greyed_and_asks_no_more_when_somebody_speaks_again(card: UtteranceCard) -> None:
    card.show_recognition(recognition(SHUT_DOWN, Verdict.ASK), acting=True)
    card.set_stale(True)
    assert card.property("stale") is True
    assert not buttons(card)
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS), acting=True)
    assert card.property("stale") is False


def test_the_empty_card_offers_commands_that_can_be_clicked(card: UtteranceCard) -> None:
    clicked: list[str] = []
    card.suggested.connect(clicked.append)
    card.set_suggestions(["what time is it", "set a timer for ten minutes"])
    assert list(buttons(card)) == ["“What time is it”", "“Set a timer for ten minutes”"]
    buttons(card)["“What time is it”"].click()
    assert clicked == ["what time is it"]
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS), acting=True)
    assert not buttons(card)


def test_a_failed_action_is_told_as_one(card: UtteranceCard) -> None:
    failed = ActionOutcome(False, "There is no sound server.")
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=failed), acting=True)
    assert card.outcome_text == "There is no sound server."
    assert card._status.text() == "✗ Not done"
    assert card._status.property("tone") == "bad"


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
    assert not card.undo()
    card.show_undone(done, ActionOutcome(True, "The timer is cancelled."))
    assert card.outcome_text == "The timer is cancelled."
    card.show_recognition(recognition(TIMER, Verdict.ACT, outcome=RINGS), acting=True)
    card.show_undone(done, ActionOutcome(True, "Something else."))
    assert card.outcome_text == RINGS.message
    assert not buttons(card)

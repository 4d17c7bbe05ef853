"""What the sentences of a search mean, and how sure that is."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from enumeration import random_scores
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_language import Spelled, compiled, heard

from voiceassist.asr.confidence import slot_confidence
from voiceassist.asr.ctc import Scores
from voiceassist.asr.ranking import ALTERNATIVES, Ranking
from voiceassist.asr.reading import GreedyTexts
from voiceassist.asr.recognizer import Posteriors
from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.packs.calibration import Calibration

CALIBRATION = Calibration(prior_weight=0.0, slope=1.0, intercept=2.0, act_prob=0.8, ask_prob=0.4, margin_slope=0.25)


@pytest.fixture(scope="module")
def automaton(tmp_path_factory: pytest.TempPathFactory) -> Automaton:
    return compiled(
        tmp_path_factory.mktemp("ranking"),
        "intents: {Pick: ['a {what}'], Note: ['f {*text}'], Other: [e e, e b]}\n"
        "lists: {what: [b, e, {in: a, out: 1}]}\n",
    )


def best(automaton: Automaton, scores: Scores, *, mute: int = -1) -> Interpretation | None:
    found = Ranking(Spelled(mute), CALIBRATION).interpretations(Posteriors(scores, scores), scores, automaton)
    return found[0] if found else None


def test_a_clear_value_is_certain_and_a_doubtful_one_is_not(automaton: Automaton) -> None:
    clear = heard(1, 0, 2)
    doubtful = clear.copy()
    doubtful[2, 3] = doubtful[2, 2] - 0.1
    found = [best(automaton, scores) for scores in (clear, doubtful)]
    assert [one.slots if one else None for one in found] == [{"what": "b"}] * 2
    sure, unsure = (one.entities[0].confidence for one in found if one)
    assert sure > 0.9
    assert unsure == pytest.approx(slot_confidence([0.1], CALIBRATION), abs=0.02)


def test_each_rival_takes_its_share() -> None:
    assert slot_confidence([], CALIBRATION) == 1.0
    assert slot_confidence([0.0], CALIBRATION) == pytest.approx(1 / 2)
    assert slot_confidence([0.0, 0.0], CALIBRATION) == pytest.approx(1 / 3)
    assert slot_confidence([-1e9], CALIBRATION) == pytest.approx(0.0)
    assert slot_confidence([5.0], CALIBRATION) < slot_confidence([6.0], CALIBRATION) < 1


def test_free_text_is_what_was_heard_after_the_words(automaton: Automaton) -> None:
    found = best(automaton, heard(3, 0, 2, 0, 1, 1, 0, 2, 2, 0, 3))
    assert found is not None
    assert (found.command.intent, found.text, found.slots) == ("Note", "fff b e", {"text": "b e"})
    (entity,) = found.entities
    assert found.text[entity.start : entity.end] == "b e"
    assert entity.confidence > 0.99


def test_doubtful_free_text_says_so(automaton: Automaton) -> None:
    scores = heard(3, 0, 2, 0, 1, 0, 2, 0, 3)
    scores[6] = heard(2, doubt=0.5)[0]
    found = best(automaton, scores)
    assert found is not None
    clear = float(np.exp(heard(3)[0, 3]))
    assert found.entities[0].confidence == pytest.approx((0.5 * clear) ** 0.5, abs=0.01)


@pytest.mark.parametrize(
    ("begin", "end", "text"),
    [
        (4, None, "b a e"),
        (10, None, "e"),  # its only piece was heard one frame before its first phone
        (6, None, "e"),  # late pieces of the word before start no word
        (4, 9, "b a"),
        (4, 11, "b a"),  # the next word was heard two frames before its first phone
        (4, 6, "b a"),  # up to the next word
        (6, 8, "a"),  # nothing in it starts a word, but something was heard
        (11, None, ""),
    ],
)
def test_free_text_begins_and_ends_with_the_words_nearest_to_its_phones(begin: int, end: int | None, text: str) -> None:
    class Joining(Spelled):
        def starts_word(self, token: int) -> bool:
            return token != 1

    pieces = heard(3, 0, 1, 0, 2, 0, 0, 1, 0, 3, 0, 0)
    found = GreedyTexts(pieces, Joining()).between(begin, end)
    assert found.text == text


@pytest.mark.parametrize("mute", [-1, 3])
def test_words_without_free_text_are_no_note(automaton: Automaton, mute: int) -> None:
    after = heard(0, 0, 0) if mute < 0 else heard(0, 3, 0)
    found = best(automaton, np.concatenate([heard(3, 0, 2, 0, 1), after]), mute=mute)
    assert found is None or found.command.intent != "Note"


@pytest.mark.parametrize(("written", "meant"), [(3, "Other"), (2, "Pick")])
def test_pieces_tell_words_apart_that_sound_the_same(tmp_path: Path, written: int, meant: str) -> None:
    alike = compiled(tmp_path, "intents: {Pick: [b g], Other: [b e]}\n")
    sound = heard(2, 0, 3)
    found = Ranking(Spelled(), CALIBRATION).interpretations(Posteriors(sound, heard(2, 0, written)), sound, alike)
    assert {one.command.intent for one in found} == {"Pick", "Other"}
    assert found[0].command.intent == meant
    assert found[0].confidence > found[1].confidence


@pytest.mark.parametrize(("better", "text"), [("e e", "e e"), ("", "b e")])
def test_free_text_is_written_with_the_letter_model(automaton: Automaton, better: str, text: str) -> None:
    class Writing(Spelled):
        def transcribe(self, pieces: NDArray[np.float32]) -> str:
            return better if super().transcribe(pieces) == "b e" else "other frames"

    sound = heard(3, 0, 2, 0, 1, 1, 0, 2, 2, 0, 3)
    ranking, posteriors = Ranking(Writing(), CALIBRATION), Posteriors(sound, sound)
    ranked, beyond = ranking.readings(posteriors, sound, automaton)
    found = ranking.rated(posteriors, automaton, ranked, beyond)
    plain, written = found[0], ranking.written(found, ranked, posteriors, automaton)[0]
    assert plain.slots == {"text": "b e"}
    assert written.slots == {"text": text}
    assert (written.score, written.confidence) == (plain.score, plain.confidence)
    assert written.entities[0].confidence == plain.entities[0].confidence


def test_words_that_no_piece_writes_are_still_understood(tmp_path: Path) -> None:
    class Mute(Spelled):
        def spell(self, words: Sequence[str]) -> list[int] | None:
            return None if "e" in words else super().spell(words)

    automaton = compiled(tmp_path, "intents: {Pick: [b a], Other: [b e]}\n")
    sound = heard(2, 0, 3)
    found = Ranking(Mute(), CALIBRATION).interpretations(Posteriors(sound, heard(2, 0, 1)), sound, automaton)
    assert found[0].command.intent == "Other"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_whatever_is_heard_makes_probabilities(automaton: Automaton, frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    found = Ranking(Spelled(), CALIBRATION).interpretations(Posteriors(scores, scores), scores, automaton)
    assert len(found) <= 1 + ALTERNATIVES
    meanings = [(one.command.intent, sorted(one.slots.items(), key=repr)) for one in found]
    assert all(meaning not in meanings[:number] for number, meaning in enumerate(meanings))
    for one in found:
        assert 0 <= one.confidence <= 1
        assert all(0 <= entity.confidence <= 1 for entity in one.entities)
        assert automaton.parse(one.text) is not None

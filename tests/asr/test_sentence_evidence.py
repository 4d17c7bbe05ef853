"""The evidence for each word and each gap of a sentence, with and without free text in it."""

from __future__ import annotations

import numpy as np
import pytest
from enumeration import WAYS
from small_language import Spelled, compiled, heard

from voiceassist.asr.ctc import Scores, Search
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import SILENCE, Posteriors
from voiceassist.asr.sentence_evidence import SentenceEvidence, sentence_evidence
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.packs.calibration import Calibration, EvidenceCurve

CALIBRATION = Calibration(
    prior_weight=0.0,
    slope=1.0,
    intercept=2.0,
    act_prob=0.8,
    ask_prob=0.4,
    margin_slope=0.25,
    words=EvidenceCurve((0.5, 0.5, *[0.0] * 5), 3.0, 1.0),
    gaps=EvidenceCurve((-0.5, -0.5, *[0.0] * 3), 4.0, 1.0),
    value_slope=0.5,
)


@pytest.fixture(scope="module")
def automaton(tmp_path_factory: pytest.TempPathFactory) -> Automaton:
    return compiled(
        tmp_path_factory.mktemp("evidence"),
        "intents: {Plain: [a b e], Note: ['f {*text} e'], Tail: ['f b {*text}'], Pick: ['e {what}']}\n"
        "lists: {what: [a, b]}\n",
    )


def weighed(automaton: Automaton, scores: Scores, sentence: str, score: float = 0.0) -> SentenceEvidence:
    """The evidence for the best path that has these words."""
    paths = Search(scores, automaton, blank=SILENCE).paths()
    path = next(path for path in paths if " ".join(path.words) == sentence)
    (found,) = sentence_evidence(Posteriors(scores, scores), [path], [score], automaton, Spelled())
    return found


def test_what_was_said_gains_and_what_was_not_loses(automaton: Automaton) -> None:
    whole = weighed(automaton, heard(1, 0, 2, 0, 3), "a b e")
    assert whole.words.shape == (3, 7)
    assert whole.words[:, :2].min() > 0
    assert whole.gaps[:, :2].max() == 0
    assert whole.gaps[:, 2].tolist() == [0, 1, 1, 0]
    assert whole.words[:, 4].tolist() == [len(WAYS[word][0]) for word in "abe"]
    lacking = weighed(automaton, heard(1, 0, 0, 0, 3), "a b e")
    assert lacking.words[1, 0] < -1


def test_what_was_said_beside_the_words_shows_in_its_gap(automaton: Automaton) -> None:
    found = weighed(automaton, heard(1, 0, 3, 0, 2, 0, 3), "a b e")
    assert found.gaps[1, 0] > 1
    assert found.gaps[[0, 2, 3], 0].max() == 0


def test_in_clear_speech_the_same_gap_means_more(automaton: Automaton) -> None:
    sound = heard(1, 0, 3, 0, 2, 0, 3)
    clear, dim = (weighed(automaton, sound, "a b e", score) for score in (0.0, -3.0))
    assert clear.gaps[:, :3].tolist() == dim.gaps[:, :3].tolist()
    assert clear.gaps[1, 3] == pytest.approx(4 * dim.gaps[1, 3])
    assert clear.words[:, 5:] == pytest.approx(4 * dim.words[:, 5:])


def test_gaps_beside_free_text_are_not_weighed_but_the_words_around_it_are(automaton: Automaton) -> None:
    inner = weighed(automaton, heard(3, 0, 2, 0, 1, 0, 1, 0, 3), "fff e")
    assert inner.words.shape == (2, 7)
    assert inner.words[:, 0].min() > 0
    assert inner.gaps[:, 2].tolist() == [0, 0]  # before the first word and after the last
    tail = weighed(automaton, heard(3, 0, 2, 0, 2, 0, 1, 0, 1), "fff b")
    assert (len(tail.words), len(tail.gaps)) == (2, 2)
    assert tail.gaps[:, 2].tolist() == [0, 1]


def test_the_value_of_a_slot_is_as_sure_as_its_least_certain_word(automaton: Automaton) -> None:
    def value_prob(scores: Scores) -> float:
        ranking = Ranking(Spelled(), CALIBRATION)
        best = ranking.interpretations(Posteriors(scores, scores), scores, automaton)[0]
        assert best.slots == {"what": "a"}
        return best.entities[0].confidence

    doubtful = heard(3, 0, 1)
    doubtful[2] = np.log([0.45, 0.3, 0.05, 0.2])
    assert value_prob(heard(3, 0, 1)) > 0.9 > value_prob(doubtful) > 0

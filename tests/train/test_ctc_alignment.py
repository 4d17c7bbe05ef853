"""Known text is found in what any listener hears."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.train.data.ctc_alignment import CtcAligner, FrameTimes
from voiceassist.train.data.g2p_training import learn_tree
from voiceassist.train.data.store import StoredClip
from voiceassist.train.phones import PHONES

R, IY, EH, D, OW, T, N = (PHONES.index(name) for name in ("R", "IY", "EH", "D", "OW", "T", "N"))
ENTRIES = [("red", (R, EH, D)), ("read", (R, IY, D)), ("read", (R, EH, D)), ("no", (N, OW)), ("toe", (T, OW))]
TIMES = FrameTimes(first_ms=-100.0, step_ms=25.0)
Stretch = tuple[int, int]
"""A phone, 0 for silence, and for how many frames it sounds."""


@pytest.fixture(scope="session")
def aligner(tmp_path_factory: pytest.TempPathFactory) -> CtcAligner:
    path = tmp_path_factory.mktemp("words") / "pronunciations.npy"
    np.save(path, learn_tree(ENTRIES))
    return CtcAligner(Pronunciations(path.read_bytes(), PHONES), TIMES, np.full(len(PHONES), -3.7, np.float32))


def heard(stretches: list[Stretch], sure: float = 0.9) -> np.ndarray:
    path = np.repeat([phone for phone, _ in stretches], [frames for _, frames in stretches])
    probs = np.full((len(path), len(PHONES)), (1 - sure) / (len(PHONES) - 1))
    probs[np.arange(len(path)), path] = sure
    return np.log(probs).astype(np.float32)


def item(text: str) -> StoredClip:
    return StoredClip("one", "test", 0, 16_000, text)


def test_words_and_phones_get_the_times_at_which_they_are_heard(aligner: CtcAligner) -> None:
    stretches = [(0, 6), (R, 2), (EH, 4), (D, 1), (0, 3), (N, 2), (OW, 5), (0, 2)]
    found = aligner.aligned(item("red no"), heard(stretches))
    assert [(span.label, span.start_ms, span.end_ms) for span in found.words] == [("red", 38, 212), ("no", 288, 462)]
    assert [span.label for span in found.phones] == ["R", "EH", "D", "N", "OW"]
    assert [(span.start_ms, span.end_ms) for span in found.phones][:2] == [(38, 88), (88, 188)]


@pytest.mark.parametrize("vowel", [IY, EH])
def test_a_word_is_said_the_way_that_is_heard(aligner: CtcAligner, vowel: int) -> None:
    found = aligner.aligned(item("read"), heard([(0, 5), (R, 3), (vowel, 4), (D, 2), (0, 2)]))
    assert [span.label for span in found.phones] == ["R", PHONES[vowel], "D"]


@pytest.mark.parametrize("text", ["toe toe toe", "", "red red red red red red red red red red red"])
def test_a_text_that_was_not_said_has_no_times(aligner: CtcAligner, text: str) -> None:
    found = aligner.aligned(item(text), heard([(0, 2), (R, 4), (EH, 6), (D, 4), (N, 6), (OW, 6)], sure=0.99))
    assert (found.words, found.phones) == ((), ())


@given(st.lists(st.tuples(st.sampled_from(["red", "no", "toe"]), st.integers(1, 4), st.integers(0, 3)), min_size=1))
def test_times_rise_and_words_hold_their_phones(aligner: CtcAligner, said: list[tuple[str, int, int]]) -> None:
    ways = {"red": (R, EH, D), "no": (N, OW), "toe": (T, OW)}
    stretches = [(0, 5)]
    for word, frames, pause in said:
        stretches += [(phone, frames) for phone in ways[word]] + [(0, pause + 1)]
    found = aligner.aligned(item(" ".join(word for word, _, _ in said)), heard(stretches))
    assert [span.label for span in found.phones] == [PHONES[phone] for word, _, _ in said for phone in ways[word]]
    edges = [edge for span in found.phones for edge in (span.start_ms, span.end_ms)]
    assert edges == sorted(edges)
    inside = iter(found.phones)
    for span, (word, _, _) in zip(found.words, said, strict=True):
        own = [next(inside) for _ in ways[word]]
        assert (span.start_ms, span.end_ms) == (own[0].start_ms, own[-1].end_ms)

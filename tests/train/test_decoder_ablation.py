"""The sum over alignments against enumeration."""

import numpy as np
import pytest
from enumeration import BLANK, VOCABULARY, collapsed, random_scores
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.train.evaluation.decoder_ablation import sum_of_alignments


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=3), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_all_alignments_are_summed(tokens: list[int], frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    alignments = np.stack(np.unravel_index(np.arange(VOCABULARY**frames), (VOCABULARY,) * frames), axis=1)
    fitting = [one for one in alignments.tolist() if collapsed(tuple(one)) == tuple(tokens)]
    expected = sum(np.exp(scores[np.arange(frames), one].sum(dtype=np.float64)) for one in fitting)
    found = sum_of_alignments(scores, tokens, BLANK)
    assert np.exp(found) == pytest.approx(expected, rel=1e-4, abs=1e-12)

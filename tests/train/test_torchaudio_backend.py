"""The operations that torchaudio does where it loads, and ours; without its compiled part, a part of it runs here."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.alignment import align
from voiceassist.train.data import torchaudio_backend
from voiceassist.train.data.torchaudio_backend import OWN, audio_ops, positions_of

ROOT = Path(__file__).parents[2]
BLANK = 0
WITHOUT_COMPILED_PART = """
import logging
import numpy as np, torch
logging.basicConfig(level=logging.INFO, format="%(message)s")
from voiceassist.train.data.torchaudio_backend import OWN, audio_ops
ops = audio_ops()
assert audio_ops() is ops and ops.resample is not OWN.resample and ops.align is OWN.align
time_s = np.arange(48_000, dtype=np.float32) / 48_000
sound = np.sin(2 * np.pi * 440 * time_s).astype(np.float32)
mine, theirs = OWN.resample(sound, 48_000), ops.resample(sound, 48_000)
assert theirs.shape == mine.shape == (16_000,), theirs.shape
assert np.abs(mine - theirs)[200:-200].max() < 0.01
torch.manual_seed(0)
for axis, widest in ((1, 20), (2, 14)):
    features = torch.ones(300, 100, 80)
    for one in (ops, OWN):
        kept = one.mask_bands(features, widest, axis)
        assert kept.shape == features.shape
        line = kept.amin(3 - axis)
        assert torch.equal(line, kept.amax(3 - axis)), "a band spans the other axis"
        hidden = (line == 0).sum(1).float()
        assert hidden.max() <= widest + 1
        assert abs(hidden.mean() - widest / 2) < 0.12 * widest, hidden.mean()
"""


def test_here_one_line_says_which_code_is_used(caplog: pytest.LogCaptureFixture) -> None:
    audio_ops.cache_clear()
    with caplog.at_level(logging.INFO, torchaudio_backend.__name__):
        first, again = audio_ops(), audio_ops()
    assert first is again
    (record,) = caplog.records
    assert ("does not load" in record.message) == (first is OWN)


@pytest.mark.skipif(find_spec("torchaudio") is None, reason="torchaudio of the train extra is not installed")
def test_torchaudio_without_its_compiled_part_resamples_and_masks(tmp_path: Path) -> None:
    spec = find_spec("torchaudio")
    assert spec is not None
    assert spec.origin is not None
    shutil.copytree(Path(spec.origin).parent, tmp_path / "torchaudio", ignore=shutil.ignore_patterns("lib"))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_COMPILED_PART],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}, capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "alignment is our own" in done.stderr


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.integers(0, 99))
def test_positions_of_a_path_are_those_of_our_aligner(tokens: list[int], seed: int) -> None:
    """A path as torchaudio gives it, labels of frames, holds what our aligner says."""
    scores = np.random.default_rng(seed).normal(size=(9, 4)).astype(np.float32)
    found = align(scores, tokens, BLANK)
    assert found is not None
    path = np.where(found.positions < 0, BLANK, np.array(tokens)[found.positions])
    assert positions_of(path, BLANK).tolist() == found.positions.tolist()


def test_our_masks_hide_one_band_of_random_width() -> None:
    torch.manual_seed(0)
    kept = OWN.mask_bands(torch.ones(500, 40, 30), 10, 2)
    hidden = (kept[:, 0] == 0).sum(1)
    assert hidden.max() <= 11
    assert 4 < hidden.float().mean() < 6
    assert torch.equal(kept[:, 0], kept[:, 39])


def test_our_resampling_keeps_a_tone() -> None:
    sound = np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100).astype(np.float32)
    resampled = OWN.resample(sound, 44_100)
    assert len(resampled) == 16_000
    assert np.abs(np.fft.rfft(resampled)).argmax() == 440

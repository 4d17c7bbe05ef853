"""Resampling, SpecAugment masks and forced alignment by torchaudio where it loads, by our own code elsewhere.

torchaudio's wheel is linked against one build of torch. Beside a matching one it loads; beside another, such as a
CPU build of torch, its import fails, and training works without it.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from functools import cache
from types import ModuleType
from typing import NamedTuple

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from voiceassist.asr import alignment
from voiceassist.asr.alignment import Alignment
from voiceassist.domain import SAMPLE_RATE_HZ, Samples

log = logging.getLogger(__name__)

Scores = NDArray[np.float32]


class AudioOps(NamedTuple):
    """Three operations of training.

    Attributes:
        resample: ``(samples,)`` at a rate in Hz to 16 kHz.
        mask_bands: features ``(batch, frames, mels)`` with one random band of at most so many steps of an axis, 1 or
            2, set to 0 in each row.
        align: scores ``(frames, tokens)``, tokens and the blank to the best alignment; ``None`` if they do not fit.
    """

    resample: Callable[[Samples, int], Samples]
    mask_bands: Callable[[Tensor, int, int], Tensor]
    align: Callable[[Scores, Sequence[int], int], Alignment | None]


def own_resample(samples: Samples, rate_hz: int) -> Samples:
    """See `AudioOps`."""
    resampled: Samples = soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ)
    return resampled


def own_mask_bands(features: Tensor, widest: int, axis: int) -> Tensor:
    """See `AudioOps`."""
    rows, size, device = len(features), features.shape[axis], features.device
    width = torch.rand(rows, 1, device=device) * widest
    start = torch.rand(rows, 1, device=device) * (size - width)
    index = torch.arange(size, device=device)
    keep = (index < start) | (index >= start + width)
    return features * keep.unsqueeze(3 - axis)


OWN = AudioOps(own_resample, own_mask_bands, alignment.align)


@cache
def audio_ops() -> AudioOps:
    """torchaudio's operations where they load, else ours; says which in one line of the log."""
    try:
        import torchaudio
    except (ImportError, OSError, RuntimeError) as error:  # its compiled part fails with either
        log.info("torchaudio does not load (%s): our own resampling, SpecAugment and alignment are used", error)
        return OWN
    try:
        torch.ops._torchaudio.forced_align  # noqa: B018, SLF001 - there only if the compiled part was loaded
    except AttributeError:
        log.info("torchaudio %s has no compiled part: alignment is our own", torchaudio.__version__)
        return torchaudio_ops(torchaudio)._replace(align=OWN.align)
    log.info("torchaudio %s resamples, masks and aligns", torchaudio.__version__)
    return torchaudio_ops(torchaudio)


def torchaudio_ops(torchaudio: ModuleType) -> AudioOps:
    """The operations of a torchaudio that is loaded."""
    functional = torchaudio.functional

    def resample(samples: Samples, rate_hz: int) -> Samples:
        resampled: Samples = functional.resample(torch.from_numpy(samples), rate_hz, SAMPLE_RATE_HZ).numpy()
        return resampled

    def mask_bands(features: Tensor, widest: int, axis: int) -> Tensor:
        masked: Tensor = functional.mask_along_axis_iid(features.unsqueeze(1), widest, 0.0, axis + 1).squeeze(1)
        return masked

    def align(scores: Scores, tokens: Sequence[int], blank: int) -> Alignment | None:
        needed = len(tokens) + sum(one == other for one, other in itertools.pairwise(tokens))
        if not tokens or len(scores) < needed:
            return alignment.align(scores, tokens, blank)
        path, log_probs = functional.forced_align(
            torch.from_numpy(scores)[None], torch.tensor([list(tokens)], dtype=torch.int32), blank=blank
        )
        return Alignment(float(log_probs.sum()), positions_of(path[0].numpy(), blank))

    return AudioOps(resample, mask_bands, align)


def positions_of(path: NDArray[np.integer], blank: int) -> NDArray[np.int64]:
    """The index of the token in each frame of a CTC path of labels ``(frames,)``, -1 for blanks."""
    begins = (path != blank) & np.append(True, path[1:] != path[:-1])
    return np.where(path == blank, -1, np.cumsum(begins) - 1)

"""Greedy word error rate, without a language model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import BLANK, Pieces
from voiceassist.train.model.encoder import Encoder, rotary_table


def word_error_rate(
    model: Encoder, store: AudioStore, pieces: Pieces, depths: Sequence[int], limit: int | None = None
) -> dict[int, float]:
    """Greedy word error rate at several depths, over all clips or an even sample of ``limit``."""
    items = [item for item in store.items if item.text]
    if limit is not None and limit < len(items):
        items = [items[n] for n in np.linspace(0, len(items) - 1, limit).astype(int)]
    errors, words = dict.fromkeys(depths, 0), 0
    for item in items:
        reference = item.text.split()
        words += len(reference)
        sound = store.float_sound(item)
        for depth, log_probs in log_probs_at(model, sound, depths).items():
            errors[depth] += edit_distance(reference, greedy_text(log_probs, pieces).split())
    return {depth: count / max(1, words) for depth, count in errors.items()}


def log_probs_at(model: Encoder, sound: NDArray[np.float32], depths: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    """Log-probabilities ``(frames, pieces)`` of one clip ``(samples,)`` at several depths, in one pass."""
    config, out = model.config, {}
    device = next(model.parameters()).device
    with torch.inference_mode():
        x = model.embed(torch.from_numpy(sound)[None].to(device))
        rotary = rotary_table(x.shape[1], config.dim // config.heads, device)
        for index in range(max(depths)):
            x = model.layer(index, x, rotary)
            if index + 1 in depths:
                out[index + 1] = model.classify(x)[0].cpu().numpy()
    return out


def greedy_text(log_probs: NDArray[np.float32], pieces: Pieces) -> str:
    """Greedy CTC decoding: the most likely piece of each frame without repeats and blanks, as text."""
    best = log_probs.argmax(axis=1)
    kept = best[np.r_[True, best[1:] != best[:-1]]]
    return pieces.decode([int(piece) for piece in kept if piece != BLANK])


def edit_distance(reference: Sequence[object], hypothesis: Sequence[object]) -> int:
    """Fewest substitutions, insertions and deletions from one to the other.

    Source: Levenshtein 1966, one row at a time.
    """
    row = list(range(len(hypothesis) + 1))
    for done, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], done
        for column, guess in enumerate(hypothesis, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (word != guess))
    return row[-1]

"""Losses: CTC near known word times, phone cross-entropy with soft labels, divergence from a teacher."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from voiceassist.train.data.batches import Batch
from voiceassist.train.data.word_pieces import BLANK
from voiceassist.train.phones import NO_PHONE, PHONE_STEP_MS

FRAME_MS = 40.0
FIRST_CENTRE_MS = 12.5
"""Centre of the first frame: half a window of the log-mel features."""
FORBIDDEN_LOG_PROB = -30.0
SOFT_LABEL_SHARE = 0.5
"""Of the target of a frame; the rest is its aligned phone."""


def frame_times_ms(frames: int, device: torch.device) -> Tensor:
    """Centres of the encoder's frames. Shape: ``(frames,)``."""
    return torch.arange(frames, device=device) * FRAME_MS + FIRST_CENTRE_MS


def frame_phones(batch: Batch, frames: int, offset_ms: Tensor, speed: Tensor) -> Tensor:
    """The phone at the centre of each frame of the augmented clip. Shape: ``(batch, frames)``."""
    steps, inside = _steps_at(frames, offset_ms, speed, batch.phones.shape[1])
    phones = batch.phones.gather(1, steps)
    silence = torch.zeros_like(phones)
    return torch.where(batch.aligned[:, None], torch.where(inside, phones, silence), torch.full_like(phones, NO_PHONE))


def frame_soft_labels(batch: Batch, frames: int, offset_ms: Tensor, speed: Tensor) -> Tensor:
    """The soft label of each frame of the augmented clip, zeros where there is none.

    Shape: ``(batch, frames, phones)``.
    """
    steps, inside = _steps_at(frames, offset_ms, speed, batch.soft_labels.shape[1])
    rows = torch.arange(len(steps), device=steps.device)[:, None]
    return batch.soft_labels[rows, steps].float() / 255 * inside[..., None]


def _steps_at(frames: int, offset_ms: Tensor, speed: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The step of the original clip at each frame, and whether it is inside the clip.

    Shape: twice ``(batch, frames)``.
    """
    times = (frame_times_ms(frames, offset_ms.device) - offset_ms[:, None]) * speed[:, None]
    steps = (times / PHONE_STEP_MS).long()
    return steps.clamp(0, count - 1), (times >= 0) & (steps < count)


def allowed_pieces(batch: Batch, frames: int, classes: int, offset_ms: Tensor, speed: Tensor) -> Tensor:
    """Where each piece may be emitted. Shape: bool ``(batch, frames, pieces)``; blank is always allowed."""
    times = frame_times_ms(frames, offset_ms.device)
    earliest = offset_ms[:, None] + batch.earliest_ms / speed[:, None]
    latest = offset_ms[:, None] + batch.latest_ms / speed[:, None]
    near = (times >= earliest[..., None]) & (times <= latest[..., None])
    target = batch.pieces[..., None].expand(-1, -1, frames)
    allowed = torch.zeros(len(batch.pieces), classes, frames, device=times.device)
    allowed.scatter_add_(1, target, near.float())
    allowed[:, BLANK] = 1
    return allowed.transpose(1, 2) > 0


def ctc_loss(log_probs: Tensor, frames: Tensor, batch: Batch, allowed: Tensor | None) -> Tensor:
    """CTC over the paths whose pieces are near their known times, per piece. ``frames`` may stay on the host.

    From scratch CTC spends hours on the search for the alignment. Forbidding all paths far from the known word times
    makes that search unnecessary.

    Source: Graves et al. 2006; restriction after Mahadeokar et al. 2020 (arXiv 2011.03072).
    """
    if allowed is not None:
        log_probs = torch.where(allowed, log_probs, log_probs + FORBIDDEN_LOG_PROB)
    losses = F.ctc_loss(
        log_probs.transpose(0, 1),
        batch.pieces,
        frames,
        batch.piece_counts,
        blank=BLANK,
        reduction="none",
        zero_infinity=True,
    )
    loss = losses.sum() / batch.piece_counts.sum()
    if allowed is None:
        return loss
    # the gradient of torch's ctc_loss assumes normalised input and adds exp(input); masked input is not normalised,
    # so that term is subtracted here, and log_softmax adds the right one
    counted = _counted(log_probs.shape[1], frames.to(log_probs.device, non_blocking=True))
    usable = (losses > 0)[:, None] & counted
    excess = (log_probs.exp() * usable[..., None]).sum() / batch.piece_counts.sum()
    return loss - excess + excess.detach()


def phone_loss(logits: Tensor, phones: Tensor, frames: Tensor, soft_labels: Tensor | None = None) -> Tensor:
    """Cross-entropy of the phone at each frame; 0 where nothing in the batch is aligned.

    With a soft label, half of the target is the aligned phone and half is the soft label, which carries similarities
    of phones and their transitions.

    Source: Hinton et al. 2015 (arXiv 1503.02531), without temperature.
    """
    known = _known(phones, frames).flatten()
    log_probs = F.log_softmax(logits.float(), dim=-1).flatten(0, 1)
    target = F.one_hot(known.clamp(min=0), log_probs.shape[1]).float()
    if soft_labels is not None:
        soft = soft_labels.flatten(0, 1)
        share = SOFT_LABEL_SHARE * soft.sum(-1, keepdim=True)
        target = (1 - share) * target + SOFT_LABEL_SHARE * soft
    losses = -(target * log_probs).sum(-1) * (known != NO_PHONE)
    return losses.sum() / phone_frames(phones, frames).clamp(min=1)


def phone_frames(phones: Tensor, frames: Tensor) -> Tensor:
    """Number of frames of the batch with a known phone."""
    return (_known(phones, frames) != NO_PHONE).sum()


def kl_divergence(log_probs: Tensor, target: Tensor) -> Tensor:
    """Divergence from a teacher's log-probabilities, in nats a frame. Shape: twice ``(batch, frames, classes)``.

    Source: Hinton et al. 2015 (arXiv 1503.02531), without temperature.
    """
    return F.kl_div(log_probs, target, reduction="sum", log_target=True) / (log_probs.shape[0] * log_probs.shape[1])


def _known(phones: Tensor, frames: Tensor) -> Tensor:
    return torch.where(_counted(phones.shape[1], frames), phones, torch.full_like(phones, NO_PHONE))


def _counted(span: int, frames: Tensor) -> Tensor:
    return torch.arange(span, device=frames.device) < frames[:, None]

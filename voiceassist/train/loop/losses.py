"""What training minimises: CTC kept near known word times, and phones frame by frame."""

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
FORBIDDEN = -30.0
SOFT_LABEL_SHARE = 0.5


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
    """What the pretrained listener thinks of each frame of the augmented clip; zeros where it thinks nothing.

    Shape: ``(batch, frames, phones)``.
    """
    steps, inside = _steps_at(frames, offset_ms, speed, batch.soft_labels.shape[1])
    rows = torch.arange(len(steps), device=steps.device)[:, None]
    return batch.soft_labels[rows, steps].float() / 255 * inside[..., None]


def _steps_at(frames: int, offset_ms: Tensor, speed: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Which of ``count`` steps of the clip as it was stands at each frame, and whether the clip sounds there at all.

    Shape: twice ``(batch, frames)``.
    """
    times = (frame_times_ms(frames, offset_ms.device) - offset_ms[:, None]) * speed[:, None]
    steps = (times / PHONE_STEP_MS).long()
    return steps.clamp(0, count - 1), (times >= 0) & (steps < count)


def allowed_pieces(batch: Batch, frames: int, tokens: int, offset_ms: Tensor, speed: Tensor) -> Tensor:
    """Where each token may be emitted. Shape: bool ``(batch, frames, tokens)``; blank is always allowed."""
    times = frame_times_ms(frames, offset_ms.device)
    earliest = offset_ms[:, None] + batch.earliest_ms / speed[:, None]
    latest = offset_ms[:, None] + batch.latest_ms / speed[:, None]
    near = (times >= earliest[..., None]) & (times <= latest[..., None])
    target = batch.pieces[..., None].expand(-1, -1, frames)
    allowed = torch.zeros(len(batch.pieces), tokens, frames, device=times.device)
    allowed.scatter_add_(1, target, near.float())
    allowed[:, BLANK] = 1
    return allowed.transpose(1, 2) > 0


def ctc_loss(log_probs: Tensor, frames: Tensor, batch: Batch, allowed: Tensor | None) -> Tensor:
    """CTC over the paths whose pieces sound near their known times; per piece. ``frames`` may stay on the host.

    CTC from scratch must find the alignment by itself, which takes it hours on little data. Where
    the words' times are known, all other paths are forbidden and it learns at once.

    Source: Graves et al. 2006; restriction after Mahadeokar et al. 2020 (arXiv 2011.03072).
    """
    if allowed is not None:
        log_probs = torch.where(allowed, log_probs, log_probs + FORBIDDEN)
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
    # torch's gradient of ctc_loss takes its input to be normalised and adds exp(input); masked input is
    # not normalised, so that term is taken away here and log_softmax puts the right one back.
    counted = _counted(log_probs.shape[1], frames.to(log_probs.device, non_blocking=True))
    usable = (losses > 0)[:, None] & counted
    excess = (log_probs.exp() * usable[..., None]).sum() / batch.piece_counts.sum()
    return loss - excess + excess.detach()


def phone_loss(logits: Tensor, phones: Tensor, frames: Tensor, soft_labels: Tensor | None = None) -> Tensor:
    """Cross-entropy of the phone at each frame; 0 where nothing in the batch is aligned.

    Where a pretrained listener has an opinion, half of the target is the aligned phone and half is that opinion, which
    tells how alike sounds are and where one goes over into the other.

    Source: Hinton et al. 2015 (arXiv 1503.02531), without temperature.
    """
    known = _known(phones, frames).flatten()
    log_probs = F.log_softmax(logits.float(), dim=-1).flatten(0, 1)
    wanted = F.one_hot(known.clamp(min=0), log_probs.shape[1]).float()
    if soft_labels is not None:
        thought = soft_labels.flatten(0, 1)
        share = SOFT_LABEL_SHARE * thought.sum(-1, keepdim=True)
        wanted = (1 - share) * wanted + SOFT_LABEL_SHARE * thought
    losses = -(wanted * log_probs).sum(-1) * (known != NO_PHONE)
    return losses.sum() / phone_frames(phones, frames).clamp(min=1)


def phone_frames(phones: Tensor, frames: Tensor) -> Tensor:
    """In how many frames of the batch the phone is known."""
    return (_known(phones, frames) != NO_PHONE).sum()


def kl_divergence(log_probs: Tensor, wanted: Tensor, frames: Tensor) -> Tensor:
    """How far log-probabilities are from a teacher's, in nats a frame.

    Source: Hinton et al. 2015 (arXiv 1503.02531), without temperature.
    """
    apart = F.kl_div(log_probs, wanted, reduction="none", log_target=True).sum(-1)
    return (apart * _counted(log_probs.shape[1], frames)).sum() / frames.sum().clamp(min=1)


def _known(phones: Tensor, frames: Tensor) -> Tensor:
    return torch.where(_counted(phones.shape[1], frames), phones, torch.full_like(phones, NO_PHONE))


def _counted(span: int, frames: Tensor) -> Tensor:
    return torch.arange(span, device=frames.device) < frames[:, None]

"""What a model learns from one batch: CTC at several depths, phones, and a teacher's opinion."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmented, SpecAugment
from voiceassist.train.data.batches import Batch
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import ProcessGroup
from voiceassist.train.loop.losses import (
    allowed_pieces,
    ctc_loss,
    frame_phones,
    frame_soft_labels,
    kl_divergence,
    phone_frames,
    phone_loss,
)
from voiceassist.train.model.encoder import Encoder, rotary_table
from voiceassist.train.model.frontend import LogMel, Subsampling


@dataclass(frozen=True, slots=True)
class DepthOutputs:
    """After each depth that is trained, log-probabilities ``(batch, frames, tokens)`` and phone logits, if any."""

    log_probs: dict[int, Tensor]
    phones: list[Tensor]


class MultiDepthEncoder(nn.Module):
    """The model's forward pass with all its listeners."""

    def __init__(self, model: Encoder, config: TrainingConfig) -> None:
        super().__init__()
        self.model, self.hide = model, SpecAugment(config.augment)

    def forward(self, sound: Tensor, samples: Tensor, depths: tuple[int, ...]) -> tuple[list[Tensor], list[Tensor]]:
        """Log-probabilities after each of the rising ``depths``, and phone logits where the model tells phones.

        Shape: ``(batch, samples)`` and ``(batch,)``.
        """
        model, shape = self.model, self.model.config
        x, mask = model.embed(sound, samples, self.hide)
        x = x.float()  # as after every turn: a compiled block sees one type only
        rotary = rotary_table(x.shape[1], shape.dim // shape.heads, x.device)
        log_probs, phones = [], []
        for index in range(depths[-1]):
            x = model.layer(index, x, rotary, mask)
            if index + 1 in depths:
                log_probs.append(model.classify(x))
                if model.phone_head is not None:
                    phones.append(model.phone_head(x))
        return log_probs, phones


def compile_blocks(model: Encoder) -> None:
    """Lets torch compile each block once for all lengths and turns; weights and their names stay what they are."""
    torch._dynamo.config.cache_size_limit = max(64, 2 * model.config.layers)  # noqa: SLF001
    for block in model.blocks:
        block.compile(dynamic=True)


class TrainingLoss:
    """Computes the loss of a batch as its share of the group's.

    Gradients averaged over the group are then those that one process would have with the whole batch.
    """

    def __init__(
        self, model: Encoder, config: TrainingConfig, group: ProcessGroup, teacher: Encoder | None = None
    ) -> None:
        self._config, self._group, self._teacher = config, group, teacher
        self._depths = config.depths
        if teacher is not None and teacher.config.tokens != config.model.tokens:
            raise ConfigError(
                f"the teacher writes {teacher.config.tokens} pieces, the model {config.model.tokens}",
                hint="let both learn from the same prepared data",
            )
        self._listen = MultiDepthEncoder(model, config)
        if config.compile:
            compile_blocks(model)

    def loss(self, batch: Batch, changed: Augmented, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        """What is minimised, and its parts for the curve."""
        config, device = self._config, changed.sound.device
        samples = changed.lengths.to(device, non_blocking=True)
        depths = self._depths[:1] if step < config.shallow_steps else self._depths
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            log_probs, phone_logits = self._listen(changed.sound, samples, depths)
        heard = DepthOutputs(dict(zip(depths, log_probs, strict=True)), phone_logits)
        frames = Subsampling.frames(LogMel.frames(changed.lengths))
        losses = self._ctc(heard, frames, batch, changed, step)
        weights = dict(zip(losses, config.depth_weights(len(depths)), strict=True))
        phones, phone_frames = self._phones(heard, frames.to(device, non_blocking=True), batch, changed)
        if phones is not None:
            losses["phone"] = phones
            weights["phone"] = config.phone_weight
        if self._teacher is not None:
            losses["teacher"] = self._disagreement(self._teacher, heard, samples, changed)
            weights["teacher"] = config.teacher_weight
        piece_share, phone_share = self._shares(batch.piece_counts.sum(), phone_frames)
        shares = {name: phone_share if name == "phone" else piece_share for name in losses}
        total = torch.stack([weights[name] * shares[name] * value for name, value in losses.items()]).sum()
        return total, {name: value.detach() for name, value in losses.items()}

    def _ctc(
        self, heard: DepthOutputs, frames: Tensor, batch: Batch, changed: Augmented, step: int
    ) -> dict[str, Tensor]:
        config, losses, allowed = self._config, {}, None
        first = next(iter(heard.log_probs.values()))
        if step < config.steps - config.free_steps:
            allowed = allowed_pieces(batch, first.shape[1], first.shape[2], changed.offset_ms, changed.speed)
        for depth, log_probs in heard.log_probs.items():
            name = "ctc" if depth == self._depths[-1] else "early" if depth == self._depths[0] else f"ctc_{depth}"
            losses[name] = ctc_loss(log_probs, frames, batch, allowed)
        return losses

    @staticmethod
    def _phones(heard: DepthOutputs, frames: Tensor, batch: Batch, changed: Augmented) -> tuple[Tensor | None, Tensor]:
        """The mean phone loss of all depths, and over how many frames it is a mean."""
        if not heard.phones:
            return None, torch.ones((), device=frames.device)
        known = frame_phones(batch, heard.phones[0].shape[1], changed.offset_ms, changed.speed)
        thought = None
        if batch.soft_labels.shape[1]:
            thought = frame_soft_labels(batch, known.shape[1], changed.offset_ms, changed.speed)
        losses = torch.stack([phone_loss(logits, known, frames, thought) for logits in heard.phones])
        return losses.mean(), phone_frames(known, frames)

    def _disagreement(self, teacher: Encoder, heard: DepthOutputs, samples: Tensor, changed: Augmented) -> Tensor:
        with torch.no_grad(), torch.autocast(changed.sound.device.type, torch.bfloat16, enabled=self._config.bf16):
            wanted = teacher(changed.sound, samples)
        frames = Subsampling.frames(LogMel.frames(samples))
        return kl_divergence(heard.log_probs[max(heard.log_probs)], wanted, frames)

    def _shares(self, pieces: Tensor, phone_frames: Tensor) -> tuple[Tensor, Tensor]:
        """This process's part of all pieces and of all frames with a known phone, times the size of the group."""
        own = torch.stack([pieces.to(phone_frames.device).float(), phone_frames.float()])
        both = self._group.size * own / self._group.sum(own.clone()).clamp(min=1)
        return both[0], both[1]

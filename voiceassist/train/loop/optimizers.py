"""How weights move: two optimisers and one schedule."""

from __future__ import annotations

from typing import Any

import torch

from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.model.encoder import Encoder


class Optimizers:
    """Muon for the hidden matrices, AdamW for all else.

    Source: Jordan et al. 2024; the update is scaled to AdamW's as in arXiv 2502.16982, so that one learning rate
    serves both.
    """

    def __init__(self, model: Encoder, config: TrainingConfig) -> None:
        hidden = [value for name, value in model.named_parameters() if value.ndim == 2 and name.startswith("blocks.")]
        taken = {id(value) for value in hidden}
        others = [value for value in model.parameters() if id(value) not in taken]
        self._members: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(
                hidden, lr=config.learning_rate, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW(others, lr=config.learning_rate, betas=(0.9, 0.98), weight_decay=0.0),
        )

    def step(self, learning_rate: float) -> None:
        for member in self._members:
            for group in member.param_groups:
                group["lr"] = learning_rate
            member.step()

    def zero_grad(self) -> None:
        for member in self._members:
            member.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict[str, Any]]:
        return [member.state_dict() for member in self._members]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        for member, state in zip(self._members, states, strict=True):
            member.load_state_dict(state)


def schedule(step: int, config: TrainingConfig) -> float:
    """Rise, hold, fall: a run can be lengthened while it holds."""
    rising = (step + 1) / config.warmup_steps
    falling = (config.steps - step) / max(1, config.decay_steps)
    return max(0.0, min(1.0, rising, falling))

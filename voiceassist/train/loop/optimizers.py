"""Muon for the hidden matrices, AdamW for all other parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from voiceassist.errors import DataError
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.model.encoder import Encoder

MUON_MOMENTUM = 0.95
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5
MIN_NORM = 1e-7
ADAMW_RMS = 0.2
"""Root mean square of AdamW's update, to which Muon's is scaled, so that one learning rate serves both."""


class Muon:
    """Muon over stacks of matrices of equal shape, so that many blocks cost as many kernels as one.

    Source: Jordan et al. 2024; update scale after arXiv 2502.16982.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], weight_decay: float) -> None:
        self._weight_decay = weight_decay
        self._stacks: dict[tuple[int, int], list[Tensor]] = {}
        for value in parameters:
            self._stacks.setdefault((value.shape[0], value.shape[1]), []).append(value)
        self._momentum = {
            shape: torch.zeros(len(stack), *shape, device=stack[0].device) for shape, stack in self._stacks.items()
        }

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """One update; a parameter without a gradient counts as one with a gradient of zero."""
        for shape, stack in self._stacks.items():
            gradient = torch.stack([torch.zeros_like(value) if value.grad is None else value.grad for value in stack])
            momentum = self._momentum[shape].lerp_(gradient, 1 - MUON_MOMENTUM)
            update = orthogonalized(torch.lerp(gradient, momentum, MUON_MOMENTUM))
            torch._foreach_mul_(stack, 1 - learning_rate * self._weight_decay)
            scale = learning_rate * ADAMW_RMS * max(shape) ** 0.5
            torch._foreach_add_(stack, list(update.to(stack[0].dtype).unbind(0)), alpha=-scale)

    def state_dict(self) -> dict[str, Tensor]:
        """The momentum of each stack, by shape."""
        return {f"{rows}x{columns}": value for (rows, columns), value in self._momentum.items()}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Restores the momentum."""
        for (rows, columns), value in self._momentum.items():
            value.copy_(state[f"{rows}x{columns}"])


def orthogonalized(matrices: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrices, approximately, in bfloat16. Shape: ``(stack, rows, columns)``."""
    x = matrices.bfloat16()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / x.float().norm(dim=(1, 2), keepdim=True).clamp(min=MIN_NORM).bfloat16()
    a, b, c = NEWTON_SCHULZ
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.transpose(1, 2) if tall else x


def clip_gradients(parameters: Iterable[Tensor]) -> None:
    """Limits the gradient's norm to one; a gradient that is not finite counts as zero. A GPU is not waited for."""
    gradients = [value.grad for value in parameters if value.grad is not None]
    norm = torch.nn.utils.get_total_norm(gradients)
    factor = torch.where(torch.isfinite(norm), (1 / (norm + 1e-6)).clamp(max=1.0), 0.0)
    for gradient in gradients:
        gradient.nan_to_num_(0.0, 0.0, 0.0)
    torch._foreach_mul_(gradients, factor)


class Optimizers:
    """Both optimizers of a model under one learning rate."""

    def __init__(self, model: Encoder, config: TrainingConfig) -> None:
        trained = [(name, value) for name, value in model.named_parameters() if value.requires_grad]
        is_hidden = [value.ndim == 2 and name.startswith("blocks.") for name, value in trained]
        self._muon = Muon(
            [value for (_, value), hidden in zip(trained, is_hidden, strict=True) if hidden], config.weight_decay
        )
        others = [value for (_, value), hidden in zip(trained, is_hidden, strict=True) if not hidden]
        fused = others[0].device.type == "cuda"
        self._adam = torch.optim.AdamW(
            others, lr=config.learning_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=fused
        )

    def step(self, learning_rate: float) -> None:
        """One update of all parameters."""
        self._muon.step(learning_rate)
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        self._adam.step()

    def state_dict(self) -> dict[str, Any]:
        """The state of both."""
        return {"muon": self._muon.state_dict(), "adam": self._adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restores both.

        Raises:
            DataError: the state is that of other optimizers.
        """
        try:
            self._muon.load_state_dict(state["muon"])
            self._adam.load_state_dict(state["adam"])
        except (TypeError, KeyError, ValueError, RuntimeError) as error:
            raise DataError(
                f"the optimizer state of the checkpoint cannot be used: {error}",
                hint="begin a new run with start_from set to this checkpoint",
            ) from error

"""The two operations of a block that have GPU kernels of their own; torch's operations are reference and fallback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

log = logging.getLogger(__name__)

MAX_KERNEL_ERROR = 0.02
"""Relative difference of Triton and torch in bfloat16 above which Triton is not used."""


class Kernels(NamedTuple):
    """Implementations of both operations.

    Attributes:
        depthwise: input ``(batch, frames, dim)``, weight ``(taps, dim)`` and bias ``(dim,)`` to the convolution over
            frames, of the shape of the input.
        rotate: ``qkv`` ``(batch, frames, 3, heads, width)``, cosines and sines ``(frames, width // 2)`` to ``qkv`` with
            rotated queries and keys.
    """

    depthwise: Callable[[Tensor, Tensor, Tensor], Tensor]
    rotate: Callable[[Tensor, Tensor, Tensor], Tensor]


def torch_depthwise(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """See `Kernels`."""
    filters = weight.t().unsqueeze(1)
    out = F.conv1d(x.transpose(1, 2), filters, bias, padding=len(weight) // 2, groups=x.shape[2])
    return out.transpose(1, 2).contiguous()


def torch_rotate(qkv: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """See `Kernels`."""
    cosine, sine = cosine[:, None, None].to(qkv.dtype), sine[:, None, None].to(qkv.dtype)
    first, second = qkv[:, :, :2].chunk(2, dim=-1)
    rotated = torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)
    return torch.cat([rotated, qkv[:, :, 2:]], dim=2)


TORCH = Kernels(torch_depthwise, torch_rotate)


@cache
def kernels_for(device: torch.device) -> Kernels:
    """Triton's kernels on a GPU if they agree with torch there, else torch's operations."""
    if device.type != "cuda":
        return TORCH
    torch.backends.cuda.enable_cudnn_sdp(False)  # prepares a plan for each new shape, 100 ms a step
    if find_spec("triton") is None:
        log.info("Triton is not installed: the blocks run with torch's kernels, somewhat slower")
        return TORCH
    from voiceassist.train.model import triton_kernels

    kernels = Kernels(triton_kernels.depthwise, triton_kernels.rotate)
    with torch.enable_grad():
        error = kernel_error(kernels, device, torch.bfloat16)
    if error > MAX_KERNEL_ERROR:
        log.warning("Triton's kernels differ from torch's by %.3f here and are not used", error)
        return TORCH
    return kernels


def kernel_error(kernels: Kernels, device: torch.device, dtype: torch.dtype, dim: int = 256, taps: int = 15) -> float:
    """The largest relative difference from torch's operations, in results and gradients."""
    draw = torch.Generator().manual_seed(0)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw).to(device, dtype).requires_grad_()

    x, weight, bias, qkv = random(3, 37, dim), random(taps, dim), random(dim), random(3, 37, 3, 4, dim // 4)
    angle = 6 * torch.rand(37, dim // 8, generator=draw).to(device)
    worst = 0.0
    for mine, reference, inputs in (
        (kernels.depthwise(x, weight, bias), torch_depthwise(x, weight, bias), (x, weight, bias)),
        (kernels.rotate(qkv, angle.cos(), angle.sin()), torch_rotate(qkv, angle.cos(), angle.sin()), (qkv,)),
    ):
        upstream = random(*mine.shape).detach()
        found, expected = (torch.autograd.grad(out, inputs, upstream) for out in (mine, reference))
        for one, other in zip((mine, *found), (reference, *expected), strict=True):
            worst = max(worst, float((one - other).detach().float().norm() / other.detach().float().norm()))
    return worst

"""Depthwise convolution and rotary positions as Triton kernels, in float32 inside, for any floating type outside."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

FRAMES_PER_PROGRAM = 16
CHUNKS_PER_PROGRAM = 8
"""Of frames that one program of the weight gradient sums before its atomic addition."""
ROWS_PER_PROGRAM = 4
WARPS = 8


@triton.jit
def convolution_kernel(
    x, taps, bias, out, frames, dim: tl.constexpr, padded: tl.constexpr, count: tl.constexpr, block: tl.constexpr,
    backward: tl.constexpr,
):  # fmt: skip
    """``out[t] = bias + sum(taps[k] * x[t + k - count // 2])``; backward with reversed taps and without bias."""
    channel = tl.arange(0, padded)
    inside = channel < dim
    frame = tl.program_id(0) * block + tl.arange(0, block)
    base = tl.program_id(1) * frames
    total = tl.zeros((block, padded), tl.float32)
    for k in tl.static_range(count):
        source = frame + k - count // 2
        mask = ((source >= 0) & (source < frames))[:, None] & inside[None, :]
        value = tl.load(x + (base + source)[:, None] * dim + channel[None, :], mask=mask, other=0.0).to(tl.float32)
        tap = tl.load(taps + (count - 1 - k if backward else k) * dim + channel, mask=inside, other=0.0).to(tl.float32)
        total += value * tap[None, :]
    if not backward:
        total += tl.load(bias + channel, mask=inside, other=0.0).to(tl.float32)[None, :]
    mask = (frame < frames)[:, None] & inside[None, :]
    tl.store(out + (base + frame)[:, None] * dim + channel[None, :], total, mask=mask)


@triton.jit
def tap_gradient_kernel(
    x, upstream, gradient, frames, rows, dim: tl.constexpr, padded: tl.constexpr, count: tl.constexpr,
    block: tl.constexpr, chunks: tl.constexpr,
):  # fmt: skip
    """Adds to ``gradient[k]`` the products of ``upstream[t]`` and ``x[t + k - count // 2]`` of some rows."""
    k = tl.program_id(0)
    channel = tl.arange(0, padded)
    inside = channel < dim
    total = tl.zeros((block, padded), tl.float32)
    for chunk in range(chunks):
        row = (tl.program_id(1) * chunks + chunk) * block + tl.arange(0, block)
        source = row % frames + k - count // 2
        mask = ((row < rows) & (source >= 0) & (source < frames))[:, None] & inside[None, :]
        above = tl.load(upstream + row[:, None] * dim + channel[None, :], mask=mask, other=0.0).to(tl.float32)
        shifted = (row + k - count // 2)[:, None] * dim + channel[None, :]
        total += above * tl.load(x + shifted, mask=mask, other=0.0).to(tl.float32)
    tl.atomic_add(gradient + k * dim + channel, tl.sum(total, axis=0), mask=inside)


@triton.jit
def rotation_kernel(
    x, cosine, sine, out, frames, rows, size: tl.constexpr, padded: tl.constexpr, model: tl.constexpr,
    width: tl.constexpr, block: tl.constexpr, backward: tl.constexpr,
):  # fmt: skip
    """Rotates the queries and keys of rows ``(rows, 3 * model)``, backward by the opposite angle."""
    row = tl.program_id(0) * block + tl.arange(0, block)
    element = tl.arange(0, padded)
    half: tl.constexpr = width // 2
    place = element % width
    first = place < half
    partner = tl.where(first, element + half, element - half)
    rotated = element < 2 * model
    mask = (row < rows)[:, None] & (element < size)[None, :]
    value = tl.load(x + row[:, None] * size + element[None, :], mask=mask, other=0.0).to(tl.float32)
    other = tl.load(x + row[:, None] * size + partner[None, :], mask=mask & rotated[None, :], other=0.0).to(tl.float32)
    angle = (row % frames)[:, None] * half + (place % half)[None, :]
    c = tl.load(cosine + angle, mask=mask, other=0.0).to(tl.float32)
    s = tl.load(sine + angle, mask=mask, other=0.0).to(tl.float32)
    sign = tl.where(first, -1.0, 1.0)
    if backward:
        sign = -sign
    result = tl.where(rotated[None, :], value * c + sign[None, :] * other * s, value)
    tl.store(out + row[:, None] * size + element[None, :], result, mask=mask)


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, taps: Tensor, bias: Tensor) -> Tensor:
        x, taps = x.contiguous(), taps.contiguous()
        ctx.save_for_backward(x, taps)
        return _run_convolution(x, taps, bias, backward=False)

    @staticmethod
    def backward(ctx: Any, *upstreams: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        x, taps = ctx.saved_tensors
        upstream = upstreams[0].contiguous()
        batch, frames, dim = x.shape
        count, rows = len(taps), batch * frames
        gradient = torch.zeros(count, dim, device=x.device, dtype=torch.float32)
        programs = triton.cdiv(rows, FRAMES_PER_PROGRAM * CHUNKS_PER_PROGRAM)
        tap_gradient_kernel[(count, programs)](
            x, upstream, gradient, frames, rows, dim, triton.next_power_of_2(dim), count, FRAMES_PER_PROGRAM,
            CHUNKS_PER_PROGRAM, num_warps=WARPS,
        )  # fmt: skip
        bias_gradient = upstream.sum((0, 1)) if ctx.needs_input_grad[2] else None
        return _run_convolution(upstream, taps, taps, backward=True), gradient.to(taps.dtype), bias_gradient


def _run_convolution(x: Tensor, taps: Tensor, bias: Tensor, *, backward: bool) -> Tensor:
    batch, frames, dim = x.shape
    out = torch.empty_like(x)
    convolution_kernel[(triton.cdiv(frames, FRAMES_PER_PROGRAM), batch)](
        x, taps, bias, out, frames, dim, triton.next_power_of_2(dim), len(taps), FRAMES_PER_PROGRAM, backward,
        num_warps=WARPS,
    )  # fmt: skip
    return out


class _Rotate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, qkv: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        ctx.save_for_backward(cosine, sine)
        return _run_rotation(qkv.contiguous(), cosine, sine, backward=False)

    @staticmethod
    def backward(ctx: Any, *upstreams: Tensor) -> tuple[Tensor, None, None]:
        return _run_rotation(upstreams[0].contiguous(), *ctx.saved_tensors, backward=True), None, None


def _run_rotation(qkv: Tensor, cosine: Tensor, sine: Tensor, *, backward: bool) -> Tensor:
    batch, frames, _, heads, width = qkv.shape
    rows, size = batch * frames, 3 * heads * width
    out = torch.empty_like(qkv)
    rotation_kernel[(triton.cdiv(rows, ROWS_PER_PROGRAM),)](
        qkv, cosine, sine, out, frames, rows, size, triton.next_power_of_2(size), heads * width, width,
        ROWS_PER_PROGRAM, backward, num_warps=WARPS,
    )  # fmt: skip
    return out


def depthwise(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """See ``Kernels.depthwise``."""
    out: Tensor = _Depthwise.apply(x, weight, bias)
    return out


def rotate(qkv: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """See ``Kernels.rotate``."""
    out: Tensor = _Rotate.apply(qkv, cosine, sine)
    return out

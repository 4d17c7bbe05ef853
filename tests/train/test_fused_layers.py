"""The layers with few kernels compute what the plain ones do; Triton's kernels compute what torch's do."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from voiceassist.train.model.encoder import Encoder, ModelConfig, rotary_table
from voiceassist.train.model.fused_layers import FusedLayers, layer_runner
from voiceassist.train.model.kernels import TORCH, kernel_error, kernels_for

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
SHAPES = [
    {"blocks": 1}, {"blocks": 2, "order": "sequence"}, {"blocks": 4}, {"blocks": 1, "delta_rank": 3},
    {"blocks": 1, "condition_layer": 2},
]  # fmt: skip
INTERPRETED = """
import torch
from voiceassist.train.model import triton_kernels
from voiceassist.train.model.kernels import Kernels, kernel_error
kernels = Kernels(triton_kernels.depthwise, triton_kernels.rotate)
for dim, taps in ((32, 15), (24, 7)):
    print(kernel_error(kernels, torch.device("cpu"), torch.float32, dim, taps))
"""


def model_of(**changes: object) -> Encoder:
    torch.manual_seed(0)
    shape = {"tokens": 20, "dim": 32, "layers": 4, "heads": 2, "ff_mult": 2, "kernel": 7, "dropout": 0.0}
    model = Encoder(ModelConfig(**{**shape, **changes}))  # type: ignore[arg-type]
    with torch.no_grad():
        for value in model.parameters():
            value.add_(torch.randn_like(value), alpha=0.05)
    return model


@pytest.mark.parametrize("changes", SHAPES)
def test_fused_layers_and_their_gradients_equal_the_plain_ones(changes: dict[str, object]) -> None:
    model, x = model_of(**changes), torch.randn(2, 11, 32)
    rotary = rotary_table(11, 16, CPU)
    plain, fused = x, x
    layers = FusedLayers(model, x, TORCH)
    for index in range(4):
        plain, fused = model.layer(index, plain, rotary), layers(index, fused)
        assert torch.allclose(plain, fused, atol=2e-4)
    upstream = torch.randn_like(x)
    names = [name for name, _ in model.named_parameters()]
    parameters = list(model.parameters())
    wanted, found = (torch.autograd.grad(out, parameters, upstream, allow_unused=True) for out in (plain, fused))
    for name, one, other in zip(names, wanted, found, strict=True):
        assert (one is None) == (other is None), name
        if one is not None and other is not None:
            assert torch.allclose(one, other, atol=1e-3 * float(one.abs().max()) + 1e-5), name


def test_fused_layers_compute_in_the_type_of_autocast() -> None:
    model, x = model_of(), torch.randn(2, 11, 32)
    plain = layer_runner(model, x, fused=True)
    with torch.autocast("cpu", torch.bfloat16):
        fused = FusedLayers(model, x, TORCH)(0, x)
    assert fused.dtype == torch.bfloat16
    assert torch.allclose(fused.float(), plain(0, x), atol=0.1)


def test_torch_is_used_on_a_cpu() -> None:
    assert kernels_for(CPU) is TORCH
    assert kernel_error(TORCH, CPU, torch.float32) == 0


@pytest.mark.skipif(
    find_spec("triton") is None, reason="Triton, which comes with CUDA builds of torch, is not installed"
)
def test_tritons_kernels_equal_torchs_in_its_interpreter() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERPRETED], cwd=ROOT, env=os.environ | {"TRITON_INTERPRET": "1"}, capture_output=True,
        text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    errors = [float(line) for line in done.stdout.splitlines()]
    assert len(errors) == 2
    assert max(errors) < 1e-5

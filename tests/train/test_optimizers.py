"""Muon over stacks against torch's own, and the schedule of steps and minutes."""

from __future__ import annotations

import copy
import dataclasses

import pytest
import torch

from voiceassist.errors import DataError
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.optimizers import Muon, Optimizers
from voiceassist.train.loop.schedule import Schedule
from voiceassist.train.model.encoder import Encoder, ModelConfig

CONFIG = TrainingConfig(
    "tiny", "", steps=100, warmup_steps=10, decay_steps=50, free_steps=20, shallow_steps=5, learning_rate=1.0,
    model=ModelConfig(tokens=20, dim=32, layers=6, heads=2, ff_mult=2),
)  # fmt: skip


def test_stacked_muon_moves_weights_like_torch_does() -> None:
    torch.manual_seed(0)
    shapes = [(32, 32), (32, 32), (96, 32), (32, 64)]
    mine, theirs = ([torch.nn.Parameter(torch.randn(shape)) for shape in shapes] for _ in range(2))
    for one, other in zip(mine, theirs, strict=True):
        other.data.copy_(one.data)
    start = [value.detach().clone() for value in mine]
    muon = Muon(mine, weight_decay=0.1)
    reference = torch.optim.Muon(theirs, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(3):
        for one, other in zip(mine, theirs, strict=True):
            one.grad = torch.randn_like(one)
            other.grad = one.grad.clone()
        muon.step(0.02)
        reference.step()
    for one, other, begun in zip(mine, theirs, start, strict=True):
        assert (one - other).norm() < 0.02 * (other - begun).norm(), "they differ by bfloat16 rounding only"


def test_the_optimizers_resume_from_their_state() -> None:
    torch.manual_seed(0)
    model = Encoder(dataclasses.replace(CONFIG.model, blocks=3))
    other = Encoder(dataclasses.replace(CONFIG.model, blocks=3))
    other.load_state_dict(model.state_dict())
    first, second = Optimizers(model, CONFIG), Optimizers(other, CONFIG)

    def step(encoder: Encoder, optimizers: Optimizers, seed: int) -> None:
        torch.manual_seed(seed)
        for value in encoder.parameters():
            value.grad = torch.randn_like(value)
        optimizers.step(1e-3)

    step(model, first, 1)
    other.load_state_dict(model.state_dict())
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    for encoder, optimizers in ((model, first), (other, second)):
        step(encoder, optimizers, 2)
    for one, twin in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, twin)
    with pytest.raises(DataError, match="optimizer state"):
        first.load_state_dict([])  # type: ignore[arg-type]


def test_with_frozen_blocks_the_rest_still_moves() -> None:
    model = Encoder(dataclasses.replace(CONFIG.model, delta_rank=2))
    model.blocks.requires_grad_(False)
    optimizers = Optimizers(model, CONFIG)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    for value in model.parameters():
        if value.requires_grad:
            value.grad = torch.ones_like(value)
    optimizers.step(1e-2)
    moved = {name for name, value in model.named_parameters() if not torch.equal(value, before[name])}
    assert moved == {name for name in before if not name.startswith("blocks.")}


def test_the_rate_rises_holds_and_falls_and_ctc_is_free_at_the_end() -> None:
    schedule = Schedule(CONFIG)
    rates = [schedule.plan(step, 0.0).learning_rate for step in range(101)]
    assert rates[:10] == pytest.approx([0.1 * n for n in range(1, 11)])
    assert rates[10:51] == [1.0] * 41
    assert rates[50:] == pytest.approx([1 - 0.02 * n for n in range(51)])
    assert [step for step in range(100) if not schedule.plan(step, 0.0).restrict_ctc] == list(range(80, 100))
    assert [schedule.plan(step, 0.0).depths for step in (0, 4, 5)] == [(3,), (3,), (3, 6)]
    assert [schedule.is_over(step, 0.0) for step in (99, 100)] == [False, True]


def test_with_minutes_the_clock_drives_the_schedule() -> None:
    schedule = Schedule(dataclasses.replace(CONFIG, max_minutes=10.0))
    assert schedule.plan(5_000, 2.0).learning_rate == 1.0
    assert schedule.plan(5_000, 7.5).learning_rate == pytest.approx(0.5)
    assert schedule.plan(5_000, 7.5).restrict_ctc
    assert not schedule.plan(30, 8.5).restrict_ctc
    assert [schedule.is_over(3, minutes) for minutes in (9.9, 10.0)] == [False, True]


def test_a_random_depth_joins_the_others_and_is_the_same_for_all_processes() -> None:
    schedule = Schedule(dataclasses.replace(CONFIG, random_depth=True))
    drawn = [schedule.plan(step, 0.0).depths for step in range(5, 60)]
    assert drawn == [
        Schedule(dataclasses.replace(CONFIG, random_depth=True)).plan(step, 0.0).depths for step in range(5, 60)
    ]
    assert {len(depths) for depths in drawn} == {3}
    assert {depth for depths in drawn for depth in depths} == {2, 3, 4, 5, 6}

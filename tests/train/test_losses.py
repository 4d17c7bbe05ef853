"""The training objective against what it claims to be."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from voiceassist.train.data.batches import Batch
from voiceassist.train.data.word_pieces import BLANK
from voiceassist.train.loop.losses import (
    allowed_pieces,
    ctc_loss,
    frame_phones,
    frame_soft_labels,
    frame_times_ms,
    phone_loss,
)
from voiceassist.train.phones import NO_PHONE

FRAMES, TOKENS = 5, 4


def batch_of(pieces: list[int], earliest: list[float], latest: list[float], phones: list[int] | None = None) -> Batch:
    phone_row = torch.tensor([phones or [NO_PHONE]])
    return Batch(
        torch.zeros(1, 16_000),
        torch.tensor([16_000]),
        torch.tensor([pieces]),
        torch.tensor([len(pieces)]),
        torch.tensor([earliest]),
        torch.tensor([latest]),
        phone_row,
        torch.tensor([phones is not None]),
        torch.zeros(1, 0, 3, dtype=torch.uint8),
    )


def collapse(path: tuple[int, ...]) -> list[int]:
    return [token for token, _ in itertools.groupby(path) if token != BLANK]


def brute_force(logits: torch.Tensor, pieces: list[int], allowed: torch.Tensor) -> torch.Tensor:
    """Minus the log of the summed probability of all permitted paths."""
    log_probs = F.log_softmax(logits, dim=-1)[0]
    paths = [
        sum(log_probs[frame, token] for frame, token in enumerate(path))
        for path in itertools.product(range(TOKENS), repeat=FRAMES)
        if collapse(path) == pieces and all(allowed[0, frame, token] for frame, token in enumerate(path))
    ]
    return -torch.logsumexp(torch.stack(paths), dim=0)


@pytest.mark.parametrize("pieces", [[1], [1, 2], [2, 2], [3, 1, 2]])
@pytest.mark.parametrize("restricted", [False, True])
def test_ctc_and_its_gradient_equal_the_sum_over_all_permitted_paths(pieces: list[int], restricted: bool) -> None:
    torch.manual_seed(len(pieces))
    logits = torch.randn(1, FRAMES, TOKENS, requires_grad=True)
    allowed = torch.ones(1, FRAMES, TOKENS, dtype=torch.bool)
    if restricted:
        allowed[0, :1, pieces[-1] if len(set(pieces)) > 1 else 3] = False
        allowed[0, -1, pieces[0]] = False
    batch = batch_of(pieces, [0.0] * len(pieces), [1e9] * len(pieces))
    expected = brute_force(logits, pieces, allowed) / len(pieces)
    (expected_gradient,) = torch.autograd.grad(expected, logits)
    loss = ctc_loss(F.log_softmax(logits, dim=-1), torch.tensor([FRAMES]), batch, allowed if restricted else None)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert loss.item() == pytest.approx(expected.item(), abs=1e-4)
    assert torch.allclose(gradient, expected_gradient, atol=1e-4)


def test_a_target_that_does_not_fit_costs_nothing_and_breaks_nothing() -> None:
    logits = torch.randn(1, 2, TOKENS, requires_grad=True)
    batch = batch_of([1, 2, 3], [0.0] * 3, [1e9] * 3)
    loss = ctc_loss(F.log_softmax(logits, dim=-1), torch.tensor([2]), batch, torch.ones(1, 2, TOKENS, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0
    assert torch.equal(logits.grad, torch.zeros_like(logits))


def test_pieces_are_allowed_only_near_their_time_and_blank_always() -> None:
    batch = batch_of([1, 2], [0.0, 100.0], [60.0, 1e9])
    allowed = allowed_pieces(batch, FRAMES, TOKENS, torch.zeros(1), torch.ones(1))
    times = frame_times_ms(FRAMES, torch.device("cpu"))
    assert allowed[0, :, BLANK].all()
    assert torch.equal(allowed[0, :, 1], times <= 60)
    assert torch.equal(allowed[0, :, 2], times >= 100)
    assert not allowed[0, :, 3].any()


def test_times_move_with_silence_and_speed() -> None:
    batch = batch_of([1], [100.0], [100.0], phones=[7] * 10)
    faster, late = torch.tensor([2.0]), torch.tensor([80.0])
    phones = frame_phones(batch, FRAMES, late, faster)
    # 100 ms at twice the speed last 50 ms and begin 80 ms late: of the frames at 12.5, 52.5, 92.5, 132.5 only one is in
    assert phones[0].tolist() == [0, 0, 7, 0, 0]
    allowed = allowed_pieces(batch, FRAMES, TOKENS, late, faster)
    assert not allowed[0, :, 1].any()  # a single instant, 130 ms, between two frames


def test_phones_count_only_where_they_are_known() -> None:
    logits = torch.randn(2, 3, 5)
    phones = torch.tensor([[1, 2, NO_PHONE], [NO_PHONE] * 3])
    frames = torch.tensor([3, 3])
    expected = F.cross_entropy(logits[0, :2], torch.tensor([1, 2]))
    assert phone_loss(logits, phones, frames).item() == pytest.approx(expected.item(), abs=1e-5)
    assert phone_loss(logits[1:], phones[1:], frames[1:]).item() == 0


def test_half_of_the_target_is_the_soft_label_where_there_is_one() -> None:
    logits = torch.randn(1, 2, 3)
    log_probs = F.log_softmax(logits, dim=-1)[0]
    soft = torch.tensor([[[0.2, 0.8, 0.0], [0.0, 0.0, 0.0]]])
    aligned, frames = torch.tensor([[2, 1]]), torch.tensor([2])
    first = -(0.5 * log_probs[0, 2] + 0.1 * log_probs[0, 0] + 0.4 * log_probs[0, 1])
    expected = (first - log_probs[1, 1]) / 2
    assert phone_loss(logits, aligned, frames, soft).item() == pytest.approx(expected.item(), abs=1e-5)


def test_soft_labels_move_with_silence_and_speed() -> None:
    batch = dataclasses.replace(
        batch_of([1], [100.0], [100.0], phones=[7] * 10),
        soft_labels=torch.tensor([[[255 * (step == 5), 255] for step in range(10)]], dtype=torch.uint8),
    )
    found = frame_soft_labels(batch, FRAMES, torch.tensor([80.0]), torch.tensor([4.0]))
    # only the frame at 92.5 ms is inside, 12.5 ms after the clip begins, where four times as much has passed
    assert found[0].tolist() == [[0, 0], [0, 0], [1, 1], [0, 0], [0, 0]]

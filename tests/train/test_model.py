"""Sharing is configuration and nothing else."""

from __future__ import annotations

import pytest
import torch

from voiceassist.errors import ConfigError
from voiceassist.train.model.encoder import Encoder, ModelConfig
from voiceassist.train.model.frontend import LogMel, Subsampling

SMALL = {"tokens": 20, "dim": 32, "layers": 4, "heads": 2, "ff_mult": 2, "dropout": 0.0}


def encoder(**changes: object) -> Encoder:
    torch.manual_seed(0)
    return Encoder(ModelConfig(**{**SMALL, **changes})).eval()  # type: ignore[arg-type]


def test_an_unshared_model_with_equal_blocks_is_the_shared_model() -> None:
    shared, unshared = encoder(blocks=1), encoder(blocks=4)
    weights = shared.state_dict()
    for index in range(4):
        for name, value in shared.blocks[0].state_dict().items():
            weights[f"blocks.{index}.{name}"] = value
    unshared.load_state_dict(weights)
    sound = torch.randn(1, 12_000)
    with torch.inference_mode():
        assert torch.equal(shared(sound), unshared(sound))


def test_sharing_takes_the_blocks_away_and_leaves_the_rest() -> None:
    sizes = {blocks: sum(value.numel() for value in encoder(blocks=blocks).parameters()) for blocks in (1, 2, 4)}
    block = sum(value.numel() for value in encoder().blocks[0].parameters())
    assert sizes[2] - sizes[1] == block
    assert sizes[4] - sizes[1] == 3 * block


@pytest.mark.parametrize(("order", "expected"), [("cycle", [0, 1, 0, 1]), ("sequence", [0, 0, 1, 1])])
def test_order_says_which_block_a_layer_runs(order: str, expected: list[int]) -> None:
    config = ModelConfig(**SMALL, blocks=2, order=order)  # type: ignore[arg-type]
    assert [config.block_of(layer) for layer in range(4)] == expected


def test_the_batch_does_not_change_a_result_and_has_the_frames_that_it_is_said_to_have() -> None:
    model, sounds = encoder(), torch.randn(2, 16_000)
    with torch.inference_mode():
        together = model(sounds)
        assert together.shape[1] == int(Subsampling.frames(LogMel.frames(torch.tensor(16_000))))
        assert torch.allclose(together[0], model(sounds[:1])[0], atol=1e-4)
        assert torch.allclose(together[1], model(sounds[1:])[0], atol=1e-4)


def test_any_depth_is_a_prefix_of_the_full_one() -> None:
    model, sound = encoder(), torch.randn(1, 8_000)
    with torch.inference_mode():
        assert not torch.equal(model(sound, depth=1), model(sound, depth=2))
        assert torch.equal(model(sound), model(sound, depth=4))
        assert torch.allclose(model(sound, depth=2).exp().sum(-1), torch.ones(1, 1), atol=1e-5)


@pytest.mark.parametrize("wrong", [{"blocks": 3}, {"blocks": 0}, {"heads": 5}, {"kernel": 8}, {"condition_layer": 4}])
def test_shapes_that_do_not_go_together_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig(**{**SMALL, **wrong})  # type: ignore[arg-type]
    assert caught.value.hint


def test_level_does_not_change_the_features() -> None:
    """Loud or soft is the same: log and mean take the level off."""
    sound = torch.randn(1, 16_000) * 0.3
    loud, soft = LogMel()(sound), LogMel()(sound * 0.05)
    assert torch.allclose(loud, soft, atol=0.02)

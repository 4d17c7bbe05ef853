"""The training loss of a batch: depths, phones and distillation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmenter
from voiceassist.train.data.batches import ResidentClips
from voiceassist.train.data.clip_table import read_clip_table
from voiceassist.train.data.segments import whole_clips
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import single_process
from voiceassist.train.loop.loss import TrainingLoss
from voiceassist.train.loop.losses import kl_divergence
from voiceassist.train.loop.schedule import Schedule
from voiceassist.train.loop.trainer import Trainer
from voiceassist.train.model.encoder import Encoder, ModelConfig

GROUP = single_process(torch.device("cpu"))


def parts(config: TrainingConfig, step: int, teacher: Encoder | None = None) -> dict[str, float]:
    data = Path(config.data)
    table = read_clip_table([data / "train"], Pieces(data / "tokens.model"), 16.0)
    batch = ResidentClips(table, GROUP.device).batch(whole_clips(table, np.arange(3)))
    torch.manual_seed(0)
    augmented = Augmenter(config.augment, torch.randn(20_000), 1)(batch.sound, batch.lengths)
    torch.manual_seed(0)
    training_loss = TrainingLoss(Encoder(config.model), config, GROUP, teacher)
    total, losses = training_loss.loss(batch, augmented, Schedule(config).plan(step, 0.0))
    return {"total": float(total.detach()), **{name: float(value) for name, value in losses.items()}}


def deep(config: TrainingConfig, **changes: object) -> TrainingConfig:
    model = dataclasses.replace(config.model, layers=4)
    return dataclasses.replace(config, model=model, **changes)  # type: ignore[arg-type]


def test_ctc_has_a_loss_at_the_depths_of_the_config(config: TrainingConfig) -> None:
    assert set(parts(deep(config), 5)) == {"total", "early", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(1, 2, 4)), 5)) == {"total", "early", "ctc_2", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(4,)), 5)) == {"total", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(2, 4)), 0)) == {"total", "early", "phone"}, "shallow steps end early"
    assert set(parts(deep(config, random_depth=True), 5)) == {"total", "early", "ctc_random", "ctc", "phone"}


def test_the_early_depths_share_their_weight(config: TrainingConfig) -> None:
    found = parts(deep(config, ctc_layers=(1, 2, 4), early_weight=0.6, phone_weight=0.0), 5)
    assert found["total"] == pytest.approx(found["ctc"] + 0.3 * (found["early"] + found["ctc_2"]), rel=1e-4)


@pytest.mark.parametrize("wrong", [(1,), (2, 1, 4), (0, 4), (2, 2, 4), (2, 4, 5)])
def test_depths_that_make_no_sense_are_refused(config: TrainingConfig, wrong: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match="ctc_layers"):
        deep(config, ctc_layers=wrong)


def test_a_model_needs_no_phone_head(config: TrainingConfig) -> None:
    plain = dataclasses.replace(config, model=dataclasses.replace(config.model, phones=0))
    assert set(parts(plain, 5)) == {"total", "early", "ctc"}


def test_agreeing_with_the_teacher_costs_nothing(config: TrainingConfig) -> None:
    torch.manual_seed(0)
    same = Encoder(config.model).eval()
    torch.manual_seed(5)
    other = Encoder(dataclasses.replace(config.model, layers=4)).eval()
    unmasked = dataclasses.replace(config.augment, mel_masks=0, time_masks=0)
    config = dataclasses.replace(config, augment=unmasked, bf16=False, teacher_phone_weight=1.0)
    agreeing, differing = parts(dataclasses.replace(config, ctc_layers=(2,)), 5, same), parts(config, 5, other)
    assert [agreeing["teacher"], agreeing["teacher_phone"]] == pytest.approx([0, 0], abs=1e-5)
    assert min(differing["teacher"], differing["teacher_phone"]) > 1e-3


def test_the_teacher_is_imitated_at_the_chosen_depths(config: TrainingConfig) -> None:
    torch.manual_seed(0)
    teacher = Encoder(config.model)
    found = [
        parts(deep(config, ctc_layers=(2, 4), teacher_depths=depths, teacher_weight=0.0, bf16=False), 5, teacher)
        for depths in ((2,), (4,), (2, 4))
    ]
    first, last, both = (one["teacher"] for one in found)
    assert both == pytest.approx((first + last) / 2, rel=1e-4)
    assert first != pytest.approx(last, rel=1e-4)
    with pytest.raises(ConfigError, match="teacher_depths"):
        deep(config, ctc_layers=(2, 4), teacher_depths=(3,))


def test_a_teacher_with_other_pieces_is_refused(config: TrainingConfig) -> None:
    with pytest.raises(ConfigError, match="pieces"):
        TrainingLoss(Encoder(config.model), config, GROUP, Encoder(ModelConfig(tokens=35, dim=32, heads=2)))


def test_divergence_is_the_mean_over_frames() -> None:
    mine, wanted = (torch.log_softmax(torch.randn(2, 5, 4), -1) for _ in range(2))
    apart = (wanted.exp() * (wanted - mine)).sum(-1)
    assert kl_divergence(mine, wanted).item() == pytest.approx(apart.mean().item(), rel=1e-5)


def test_deltas_stochastic_depth_cuts_and_a_teacher_train_together(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=2), tmp_path / "teacher", GROUP).run(save_every=2)
    model = dataclasses.replace(config.model, layers=4, delta_rank=2, layer_drop=0.2)
    taught = dataclasses.replace(
        config, steps=4, model=model, ctc_layers=(2, 4), cut_prob=0.5, shallow_steps=0,
        teacher=str(tmp_path / "teacher" / "checkpoint.pt"), teacher_phone_weight=0.5,
    )  # fmt: skip
    trainer = Trainer(taught, tmp_path / "taught", GROUP)
    trainer.run(save_every=4)
    assert (
        max(float(value.detach().abs().max()) for name, value in trainer.model.deltas.items() if name.endswith("_b"))
        > 0
    )


def test_frozen_layers_keep_their_weights_and_their_phones(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(deep(config, steps=1), tmp_path / "first", GROUP).run(save_every=1)
    start = str(tmp_path / "first" / "checkpoint.pt")
    model = dataclasses.replace(config.model, layers=4, blocks=2, order="sequence", phone_layer=2)
    changes = {"steps": 3, "warmup_steps": 1, "start_from": start, "ctc_layers": (4,), "shallow_steps": 0}
    frozen = dataclasses.replace(config, model=model, frozen_layers=2, random_depth=True, **changes)  # type: ignore[arg-type]
    trainer = Trainer(frozen, tmp_path / "second", GROUP)
    before = {name: value.detach().clone() for name, value in trainer.model.state_dict().items()}
    trainer.run(save_every=3)
    moved = {name for name, value in trainer.model.state_dict().items() if not torch.equal(value, before[name])}
    assert not [name for name in moved if name.startswith(("subsampling.", "phone_head.", "blocks.0."))]
    assert {"blocks.1.ff1_in.weight", "head.weight", "norms", "scales"} <= moved
    assert torch.equal(trainer.model.norms[:2], before["norms"][:2])
    assert torch.equal(trainer.model.scales[:2], before["scales"][:2])
    with pytest.raises(ConfigError, match="frozen"):
        dataclasses.replace(frozen, ctc_layers=(2, 4))


def test_a_run_of_another_shape_is_not_overwritten(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=1), tmp_path, GROUP).run(save_every=1)
    with pytest.raises(ConfigError, match="another shape"):
        Trainer(deep(config), tmp_path, GROUP)

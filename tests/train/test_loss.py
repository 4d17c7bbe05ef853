"""The training loss of a batch: depths, phones and distillation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from tinydata import tiny_config, write_data

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmenter
from voiceassist.train.data.batches import collate, training_clips
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import single_process
from voiceassist.train.loop.loss import TrainingLoss
from voiceassist.train.loop.losses import kl_divergence
from voiceassist.train.loop.trainer import Trainer
from voiceassist.train.model.encoder import Encoder, ModelConfig

GROUP = single_process(torch.device("cpu"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def config(data: Path) -> TrainingConfig:
    return tiny_config(data)


def parts(config: TrainingConfig, step: int, teacher: Encoder | None = None) -> dict[str, float]:
    data = Path(config.data)
    examples = training_clips(AudioStore(data / "train"), Pieces(data / "tokens.model"), 16.0)[:3]
    batch = collate(examples, GROUP.device)
    changed = Augmenter(config.augment, torch.randn(20_000), 1)(batch.sound, batch.lengths)
    torch.manual_seed(0)
    training_loss = TrainingLoss(Encoder(config.model), config, GROUP, teacher)
    total, losses = training_loss.loss(batch, changed, step)
    return {"total": float(total.detach()), **{name: float(value) for name, value in losses.items()}}


def deep(config: TrainingConfig, **changes: object) -> TrainingConfig:
    model = dataclasses.replace(config.model, layers=4)
    return dataclasses.replace(config, model=model, **changes)  # type: ignore[arg-type]


def test_ctc_listens_at_the_depths_of_the_config(config: TrainingConfig) -> None:
    assert set(parts(deep(config), 5)) == {"total", "early", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(1, 2, 4)), 5)) == {"total", "early", "ctc_2", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(4,)), 5)) == {"total", "ctc", "phone"}
    assert set(parts(deep(config, ctc_layers=(2, 4)), 0)) == {"total", "early", "phone"}, "shallow steps end early"


def test_the_early_depths_share_their_weight(config: TrainingConfig) -> None:
    found = parts(deep(config, ctc_layers=(1, 2, 4), early_weight=0.6, phone_weight=0.0), 5)
    assert found["total"] == pytest.approx(found["ctc"] + 0.3 * (found["early"] + found["ctc_2"]), rel=1e-4)


@pytest.mark.parametrize("wrong", [(1,), (2, 1, 4), (0, 4), (2, 2, 4), (2, 4, 5)])
def test_depths_that_make_no_sense_are_refused(config: TrainingConfig, wrong: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match="turns"):
        deep(config, ctc_layers=wrong)


def test_a_model_needs_no_phone_head(config: TrainingConfig) -> None:
    plain = dataclasses.replace(config, model=dataclasses.replace(config.model, phones=0))
    assert set(parts(plain, 5)) == {"total", "early", "ctc"}


def test_who_agrees_with_the_teacher_pays_nothing(config: TrainingConfig) -> None:
    torch.manual_seed(0)
    same = Encoder(config.model).eval()
    torch.manual_seed(5)
    other = Encoder(dataclasses.replace(config.model, layers=4)).eval()
    unhidden = dataclasses.replace(config.augment, mel_masks=0, time_masks=0)
    config = dataclasses.replace(config, augment=unhidden, bf16=False)
    assert parts(config, 5, same)["teacher"] == pytest.approx(0, abs=1e-5)
    assert parts(config, 5, other)["teacher"] > 1e-3


def test_a_teacher_with_other_pieces_is_refused(config: TrainingConfig) -> None:
    with pytest.raises(ConfigError, match="pieces"):
        TrainingLoss(Encoder(config.model), config, GROUP, Encoder(ModelConfig(tokens=35, dim=32, heads=2)))


def test_divergence_counts_frames_of_sound_only() -> None:
    mine, wanted = (torch.log_softmax(torch.randn(2, 5, 4), -1) for _ in range(2))
    found = kl_divergence(mine, wanted, torch.tensor([5, 2]))
    apart = (wanted.exp() * (wanted - mine)).sum(-1)
    assert found.item() == pytest.approx(((apart[0].sum() + apart[1, :2].sum()) / 7).item(), rel=1e-5)


def test_deltas_stochastic_depth_cuts_and_a_teacher_train_together(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=2), tmp_path / "teacher", GROUP).run(save_every=2)
    model = dataclasses.replace(config.model, layers=4, delta_rank=2, layer_drop=0.2)
    taught = dataclasses.replace(
        config, steps=4, model=model, ctc_layers=(2, 4), cut_prob=0.5, shallow_steps=0,
        teacher=str(tmp_path / "teacher" / "checkpoint.pt"),
    )  # fmt: skip
    fit = Trainer(taught, tmp_path / "taught", GROUP)
    fit.run(save_every=4)
    assert max(float(value.detach().abs().max()) for name, value in fit.model.deltas.items() if name.endswith("_b")) > 0


def test_a_run_of_another_shape_is_not_overwritten(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=1), tmp_path, GROUP).run(save_every=1)
    with pytest.raises(ConfigError, match="another shape"):
        Trainer(deep(config), tmp_path, GROUP)

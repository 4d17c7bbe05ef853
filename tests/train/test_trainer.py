"""The loop learns, and goes on where it was interrupted."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch
from tinydata import tiny_config, write_data

from voiceassist.errors import ConfigError, DataError
from voiceassist.train.loop.config import TrainingConfig, read_config
from voiceassist.train.loop.distributed import single_process
from voiceassist.train.loop.trainer import Trainer
from voiceassist.train.model.checkpoint import load_encoder, load_weights
from voiceassist.train.model.encoder import Encoder

ROOT = Path(__file__).parent.parent.parent
CPU = single_process(torch.device("cpu"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def config(data: Path) -> TrainingConfig:
    return tiny_config(data)


def curve(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "curve.ndjson").read_text().splitlines()]


def test_training_lowers_the_loss_and_writes_curve_and_checkpoint(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=40, warmup_steps=5), tmp_path, CPU).run(log_every=10, save_every=40)
    rows = curve(tmp_path)
    losses = [row["early"] for row in rows if "early" in row]
    assert losses[-1] < 0.8 * losses[0]
    assert set(rows[-1]["dev_wer_percent"]) == {"1", "2"}  # type: ignore[call-overload]
    assert load_encoder(tmp_path / "checkpoint.pt").config == config.model


def test_an_interrupted_run_goes_on_from_its_checkpoint(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=8), tmp_path, CPU).run(log_every=4, save_every=4)
    resumed = Trainer(config, tmp_path, CPU)
    assert resumed.step == 8
    resumed.run(log_every=4, save_every=4)
    assert [row["step"] for row in curve(tmp_path) if "early" in row] == [4, 8, 12]


def test_a_shared_checkpoint_starts_an_unshared_model(config: TrainingConfig, tmp_path: Path) -> None:
    Trainer(dataclasses.replace(config, steps=2), tmp_path, CPU).run(save_every=2)
    shared = load_encoder(tmp_path / "checkpoint.pt")
    unshared = Encoder(dataclasses.replace(config.model, blocks=2)).eval()
    load_weights(unshared, tmp_path / "checkpoint.pt")
    sound = torch.randn(1, 16_000)
    with torch.inference_mode():
        assert torch.equal(shared(sound), unshared(sound))


def test_the_configs_in_the_repository_can_be_read() -> None:
    folder = ROOT / "models" / "configs"
    configs = {path.relative_to(folder).as_posix(): read_config(path) for path in folder.rglob("*.toml")}
    assert (configs["shared.toml"].model.blocks, configs["unshared.toml"].model.blocks) == (1, 12)
    assert len({config.name for config in configs.values()}) == len(configs), "two runs would share a folder"


@pytest.mark.parametrize("text", ["steps = ", 'name = "x"\ndata = "y"\nsteeps = 3', "[model]\nlayers = 4\nblocks = 3"])
def test_a_wrong_config_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        read_config(path)


def test_a_missing_checkpoint_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="fit"):
        load_encoder(tmp_path / "checkpoint.pt")

"""The loop learns, and goes on where it was interrupted."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import pytest
import torch

from voiceassist.errors import ConfigError, DataError
from voiceassist.train.loop.config import TrainingConfig, read_config
from voiceassist.train.loop.distributed import single_process
from voiceassist.train.loop.trainer import Trainer
from voiceassist.train.model.checkpoint import load_encoder, load_weights
from voiceassist.train.model.encoder import Encoder

ROOT = Path(__file__).parent.parent.parent
CPU = single_process(torch.device("cpu"))


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


def test_a_run_that_is_ended_long_before_its_next_checkpoint_loses_little(
    config: TrainingConfig, tmp_path: Path
) -> None:
    class Ended(Trainer):
        def _report(self, *_: object) -> None:
            raise KeyboardInterrupt

    for seconds, left in ((3600.0, 0), (0.0, 2)):
        with pytest.raises(KeyboardInterrupt):
            Ended(config, tmp_path, CPU).run(log_every=3, save_every=10**6, save_every_s=seconds)
        assert Trainer(config, tmp_path, CPU).step == left


@pytest.mark.parametrize("order", ["cycle", "sequence"])
def test_a_shared_checkpoint_starts_a_grouped_and_that_an_unshared_model(
    config: TrainingConfig, tmp_path: Path, order: str
) -> None:
    shape = dataclasses.replace(config.model, layers=4)
    Trainer(dataclasses.replace(config, steps=1, model=shape), tmp_path / "run", CPU).run(save_every=1)
    start, sound = tmp_path / "run" / "checkpoint.pt", torch.randn(1, 16_000)
    for blocks in (2, 4):
        wider = Encoder(dataclasses.replace(shape, blocks=blocks, order=order)).eval()  # type: ignore[arg-type]
        load_weights(wider, start)
        with torch.inference_mode():
            assert torch.equal(load_encoder(start)(sound), wider(sound))
        with torch.no_grad():
            for value in wider.blocks.parameters():
                value.add_(torch.randn_like(value), alpha=0.01)  # so that blocks differ from here on
        start = tmp_path / f"{blocks}.pt"
        torch.save({"config": dataclasses.asdict(wider.config), "average": wider.state_dict()}, start)


def test_a_run_by_the_clock_ends_in_time_and_goes_on_with_the_rest(config: TrainingConfig, tmp_path: Path) -> None:
    timed = dataclasses.replace(config, steps=10**6, decay_steps=10**5, free_steps=0, max_minutes=0.05)
    started_s = time.monotonic()
    Trainer(timed, tmp_path, CPU).run(log_every=1, save_every=10**6)
    assert time.monotonic() - started_s >= 3
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert saved["minutes"] >= 0.05
    assert saved["step"] < 10**5
    resumed = Trainer(timed, tmp_path, CPU)
    resumed.run()
    assert resumed.step == saved["step"], "no time is left"


def test_the_configs_in_the_repository_can_be_read() -> None:
    folder = ROOT / "models" / "configs"
    configs = {path.relative_to(folder).as_posix(): read_config(path) for path in folder.rglob("*.toml")}
    blocks = {name: config.model.blocks for name, config in configs.items()}
    assert (blocks["shared.toml"], blocks["unshared.toml"]) == (1, 12)
    assert {(config.model.dim, config.model.layers) for config in configs.values()} == {(256, 12)}
    assert len({config.name for config in configs.values()}) == len(configs), "two runs would share a folder"


@pytest.mark.parametrize("text", ["steps = ", 'name = "x"\ndata = "y"\nsteeps = 3', "[model]\nlayers = 4\nblocks = 3"])
def test_a_wrong_config_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        read_config(path)


def test_all_that_is_wrong_with_a_config_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        'name = "x"\nsteps = "many"\nsteeps = 3\n[model]\nlayers = 6.5\norder = "random"\n[augment]\nsnr_db = [3]\n'
    )
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    for part in ("data is missing", "steps is 'many'", "'steeps' is unknown", "model: layers is 6.5"):
        assert part in caught.value.message
    assert "model: order is 'random'" in caught.value.message
    assert "augment: snr_db is [3]" in caught.value.message


def test_a_missing_checkpoint_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="fit"):
        load_encoder(tmp_path / "checkpoint.pt")

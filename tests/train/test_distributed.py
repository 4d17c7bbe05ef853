"""Several processes train one model: two real ones over gloo, against one."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tomli_w
import torch
from tinydata import tiny_config, write_data

from voiceassist.train.data.augmentation import AugmentConfig, Augmenter
from voiceassist.train.data.batches import ResidentClips, length_class
from voiceassist.train.data.clip_table import read_clip_table
from voiceassist.train.data.segments import whole_clips
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.loop.config import TrainingConfig, read_config
from voiceassist.train.loop.distributed import ProcessGroup, single_process
from voiceassist.train.loop.loss import TrainingLoss
from voiceassist.train.loop.schedule import StepPlan
from voiceassist.train.loop.trainer import Trainer
from voiceassist.train.model.encoder import Encoder

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
STILL = AugmentConfig(
    speed=0, silence_s=0, gain_db=0, noise_prob=1, snr_db=(200, 200), room_prob=0, hiss_db=(-200, -200), mel_masks=0,
    time_masks=0,
)  # fmt: skip
"""Changes nothing, so that runs can be compared."""
EACH_SAVES_ITS_WEIGHTS = """
import sys
from pathlib import Path
import torch
from voiceassist.train.__main__ import main
from voiceassist.train.loop.schedule import StepPlan
from voiceassist.train.loop.trainer import Trainer
run = Trainer.run
def run_and_save(fit):
    run(fit, log_every=1)
    torch.save(fit.model.state_dict(), fit.folder / f"rank{fit.group.rank}.pt")
Trainer.run = run_and_save
sys.exit(main(["fit", *sys.argv[1:], "--threads", "1"]))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"), copies=2)  # so that none is left over


def write_config(path: Path, config: TrainingConfig) -> Path:
    path.write_text(tomli_w.dumps(dataclasses.asdict(config)))
    assert read_config(path) == config
    return path


def torchrun(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--rdzv-backend", "c10d",
         "--rdzv-endpoint", "localhost:0", *arguments],
        cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}, capture_output=True, text=True,
        timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def flat(state: dict[str, torch.Tensor]) -> torch.Tensor:
    return torch.cat([value.flatten().float() for value in state.values()])


@pytest.mark.timeout(300)
def test_two_processes_go_on_as_one_with_twice_the_batch(data: Path, tmp_path: Path) -> None:
    config = dataclasses.replace(tiny_config(data), steps=6, batch_s=6.0, shallow_steps=3, augment=STILL, bf16=False)
    begun, two, one = (tmp_path / name for name in ("begun", "two", "one"))
    Trainer(dataclasses.replace(config, steps=2), begun, single_process(CPU)).run(save_every=2)
    (begun / "curve.ndjson").unlink()
    for folder in (two, one):
        shutil.copytree(begun, folder)
    script = tmp_path / "each.py"
    script.write_text(EACH_SAVES_ITS_WEIGHTS)
    torchrun(str(script), str(write_config(tmp_path / "two.toml", config)), "--folder", str(two))
    Trainer(dataclasses.replace(config, batch_s=12.0), one, single_process(CPU)).run(log_every=1)

    first, second = (flat(torch.load(two / f"rank{rank}.pt", weights_only=True)) for rank in (0, 1))
    assert torch.equal(first, second)
    start, ended, expected = (
        flat(torch.load(folder / "checkpoint.pt", weights_only=True)["model"]) for folder in (begun, two, one)
    )
    assert torch.equal(ended, first)
    assert (ended - expected).norm() < 0.05 * (expected - start).norm()
    rows = [json.loads(line) for line in (two / "curve.ndjson").read_text().splitlines()]
    assert [row["step"] for row in rows if "early" in row] == [3, 4, 5, 6], "only the first process writes"


class FakeProcessGroup:
    """A group of two whose sum is given."""

    size = 2

    def __init__(self, total: torch.Tensor | None = None) -> None:
        self.total, self.own = total, torch.zeros(2)

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        self.own = values.clone()
        return values if self.total is None else self.total


def gradient(
    model: Encoder,
    config: TrainingConfig,
    clips: ResidentClips,
    chosen: list[int],
    group: ProcessGroup | FakeProcessGroup,
) -> torch.Tensor:
    batch = clips.batch(whole_clips(clips.table, np.array(chosen)))
    augmented = Augmenter(config.augment, torch.zeros(1000), 1)(batch.sound, batch.lengths)
    model.zero_grad()
    plan = StepPlan(config.depths, restrict_ctc=True, learning_rate=1e-3)
    loss, _ = TrainingLoss(model, config, group).loss(batch, augmented, plan)  # type: ignore[arg-type]
    loss.backward()  # type: ignore[no-untyped-call]
    return torch.cat([value.grad.flatten() for value in model.parameters() if value.grad is not None])


def test_shares_of_a_batch_add_up_to_the_whole(data: Path) -> None:
    """The mean of the processes' gradients is the gradient of the whole batch, however different their parts are."""
    config = dataclasses.replace(tiny_config(data), augment=STILL)
    table = read_clip_table([data / "train"], Pieces(data / "tokens.model"), 16.0)
    clips, classes = ResidentClips(table, CPU), length_class(table.samples)
    chosen = np.flatnonzero(classes == classes[0])[:6].tolist()  # batches of one class have one shape
    assert len(chosen) > 2
    torch.manual_seed(0)
    model = Encoder(config.model)
    whole = gradient(model, config, clips, chosen, single_process(CPU))
    parts, counts = (chosen[:1], chosen[1:]), []
    for part in parts:
        asked = FakeProcessGroup()
        gradient(model, config, clips, part, asked)
        counts.append(asked.own)
    halves = [gradient(model, config, clips, part, FakeProcessGroup(torch.stack(counts).sum(0))) for part in parts]
    assert torch.allclose(torch.stack(halves).mean(0), whole, atol=0.02 * float(whole.abs().max()))
    plain = [gradient(model, config, clips, part, single_process(CPU)) for part in parts]
    assert not torch.allclose(torch.stack(plain).mean(0), whole, atol=0.02 * float(whole.abs().max()))

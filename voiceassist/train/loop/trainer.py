"""The training loop: resumable, written for GPUs, fine on a CPU."""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmenter
from voiceassist.train.data.batches import TrainingClip, collate, shuffled_batches, training_clips
from voiceassist.train.data.segment_augmentation import split_random_clips
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.evaluation.wer import word_error_rate
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import ProcessGroup
from voiceassist.train.loop.loss import TrainingLoss
from voiceassist.train.loop.optimizers import Optimizers, schedule
from voiceassist.train.model.checkpoint import load_encoder, load_weights
from voiceassist.train.model.encoder import Encoder, ModelConfig

log = logging.getLogger(__name__)


class Trainer:
    """A run and its folder: ``checkpoint.pt`` to resume from, ``curve.ndjson``."""

    def __init__(self, config: TrainingConfig, folder: Path, group: ProcessGroup) -> None:
        self.config, self.folder, self.group = config, folder, group
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(config.seed)
        data = Path(config.data)
        self._pieces = Pieces(data / "tokens.model")
        if len(self._pieces) != config.model.tokens:
            raise ConfigError(
                f"the model has {config.model.tokens} tokens, the data {len(self._pieces)} pieces",
                hint="prepare the data anew or change model.tokens",
            )
        self.model = Encoder(config.model).to(group.device)
        if config.start_from:
            load_weights(self.model, Path(config.start_from))
        teacher = load_encoder(Path(config.teacher)).to(group.device) if config.teacher else None
        self._training_loss = TrainingLoss(self.model, config, group, teacher)
        self._average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self._optimizers = Optimizers(self.model, config)
        self._recorded = training_clips(AudioStore(data / "train"), self._pieces, config.longest_s)
        self._synthetic: list[TrainingClip] = []
        if config.synthetic_turns:
            self._synthetic = training_clips(AudioStore(data / "synth"), self._pieces, config.longest_s)
        self._dev = AudioStore(data / "dev")
        self.step = 0
        self._epoch = 0
        self._resume()
        own_seed = config.seed + 7919 * (self.step * group.size + group.rank)
        torch.manual_seed(own_seed)  # a resumed run, or another process, draws other changes
        self._augment = Augmenter(config.augment, _noise_track(data / "noise", group.device), own_seed)

    def run(self, log_every: int = 50, save_every: int = 500) -> None:
        """Trains to the last step; what is saved on the way is enough to go on after any interruption."""
        pace, recent = Throughput(self.step), []
        while self.step < self.config.steps:
            for examples in self._batches():
                recent.append(self._train_step(examples))
                self.step += 1
                pace.heard_s += self.group.size * sum(len(example.sound) for example in examples) / 16_000
                if self.step % log_every == 0:
                    self._report(recent, pace)
                    recent = []
                if self.step % save_every == 0 or self.step >= self.config.steps:
                    self._keep()
                if self.step >= self.config.steps:
                    break
            self._epoch += 1

    def _batches(self) -> Iterator[list[TrainingClip]]:
        """This process's share of all recordings, some in pieces, and of the synthetic speech whose turn it is."""
        config, seed, turns = self.config, self.config.seed + self._epoch, self.config.synthetic_turns
        examples = split_random_clips(self._recorded, config.cut_prob, config.longest_s, seed)
        examples = examples + (self._synthetic[self._epoch % turns :: turns] if turns else [])
        return shuffled_batches(examples, config.batch_s, seed, self.group.rank, self.group.size)

    def _train_step(self, examples: list[TrainingClip]) -> dict[str, Tensor]:
        config, batch = self.config, collate(examples, self.group.device)
        with torch.no_grad():
            changed = self._augment(batch.sound, batch.lengths)
        loss, losses = self._training_loss.loss(batch, changed, self.step)
        self._optimizers.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        parameters = list(self.model.parameters())
        self.group.average_gradients(parameters)
        _clip(parameters)
        self._optimizers.step(config.learning_rate * schedule(self.step, config))
        self._update_average()
        return losses

    def _update_average(self) -> None:
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        state = self.model.state_dict()
        with torch.no_grad():
            torch._foreach_lerp_([self._average[name] for name in state], list(state.values()), 1 - decay)

    def _keep(self) -> None:
        if self.group.is_main:
            self._save()
            self._evaluate()
        self.group.barrier()

    def _report(self, recent: list[dict[str, Tensor]], pace: Throughput) -> None:
        if not self.group.is_main:
            return
        names = dict.fromkeys(name for row in recent for name in row)
        means = {name: float(torch.stack([row[name] for row in recent if name in row]).mean()) for name in names}
        self._note(
            {"step": self.step, "epoch": self._epoch, **{name: round(value, 4) for name, value in means.items()}}
            | pace.report(self.step, self.config.steps)
        )

    def _evaluate(self) -> None:
        averaged = Encoder(self.config.model).to(self.group.device)
        averaged.load_state_dict(self._average)
        rates = word_error_rate(averaged.eval(), self._dev, self._pieces, self.config.depths, limit=150)
        self._note(
            {"step": self.step, "dev_wer_percent": {str(depth): round(100 * rate, 1) for depth, rate in rates.items()}}
        )

    def _note(self, row: dict[str, Any]) -> None:
        log.info("%s", json.dumps(row))
        with (self.folder / "curve.ndjson").open("a", encoding="utf-8") as curve:
            curve.write(json.dumps(row) + "\n")

    def _save(self) -> None:
        partial = self.folder / "checkpoint.partial"
        torch.save(
            {
                "step": self.step,
                "epoch": self._epoch,
                "model": self.model.state_dict(),
                "average": self._average,
                "optimizers": self._optimizers.state_dict(),
                "config": dataclasses.asdict(self.config.model),
            },
            partial,
        )
        partial.replace(self.folder / "checkpoint.pt")

    def _resume(self) -> None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        saved = torch.load(path, map_location=self.group.device, weights_only=True)
        _check_shape(path, ModelConfig(**saved["config"]), self.config.model)
        self.model.load_state_dict(saved["model"])
        self._average = saved["average"]
        self._optimizers.load_state_dict(saved["optimizers"])
        self.step, self._epoch = saved["step"], saved["epoch"] + 1
        log.info("going on from step %d", self.step)


class Throughput:
    """How fast a run goes."""

    def __init__(self, first_step: int) -> None:
        self.heard_s = 0.0
        self._first_step, self._started_s = first_step, time.monotonic()

    def report(self, step: int, steps: int) -> dict[str, float]:
        """Seconds of sound a second, and the minutes left."""
        passed_s = time.monotonic() - self._started_s
        left_min = (steps - step) * passed_s / max(1, step - self._first_step) / 60
        return {"audio_s_per_s": round(self.heard_s / passed_s), "left_min": round(left_min, 1)}


def _check_shape(path: Path, saved: ModelConfig, wanted: ModelConfig) -> None:
    if dataclasses.replace(saved, dropout=wanted.dropout, layer_drop=wanted.layer_drop) != wanted:
        raise ConfigError(
            f"{path} belongs to a model of another shape", hint="choose another --folder, or move the old run away"
        )


def _clip(parameters: Sequence[Tensor]) -> None:
    """Brings the gradient to a norm of at most one; one that is not finite counts as zero. A GPU is not waited for."""
    gradients = [value.grad for value in parameters if value.grad is not None]
    norm = torch.nn.utils.get_total_norm(gradients)
    factor = torch.where(torch.isfinite(norm), (1 / (norm + 1e-6)).clamp(max=1.0), 0.0)
    for gradient in gradients:
        gradient.nan_to_num_(0.0, 0.0, 0.0).mul_(factor)


def _noise_track(folder: Path, device: torch.device) -> Tensor:
    store = AudioStore(folder)
    track = torch.from_numpy(np.array(store.sound)).to(device).float() / 32768
    for item in store.items:  # recordings differ in level by far more than rooms do
        part = track[item.begin : item.begin + item.samples]
        part /= part.pow(2).mean().sqrt().clamp(min=1e-4) * 10
    return track

"""The training loop: resumable, with all data on the device of the model."""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmenter, read_noise_track
from voiceassist.train.data.batches import ResidentClips, shuffled_batches
from voiceassist.train.data.clip_table import read_clip_table
from voiceassist.train.data.segments import Segments, draw_segments
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.evaluation.wer import word_error_rate
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import ProcessGroup
from voiceassist.train.loop.loss import TrainingLoss
from voiceassist.train.loop.optimizers import Optimizers, clip_gradients
from voiceassist.train.loop.schedule import Schedule, StepPlan
from voiceassist.train.model.checkpoint import load_encoder, load_weights
from voiceassist.train.model.encoder import Encoder, ModelConfig

log = logging.getLogger(__name__)

SYNTHETIC_STORE = 1
"""Number of the store of synthetic speech; store 0 are the recordings."""
DEV_CLIPS = 150
"""Dev clips in the word error rate of each checkpoint."""


class Trainer:
    """A run and its folder: ``checkpoint.pt`` to resume from, ``curve.ndjson`` with losses and error rates."""

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
        self.model = _new_model(config).to(group.device)
        teacher = load_encoder(Path(config.teacher)).to(group.device) if config.teacher else None
        self._training_loss = TrainingLoss(self.model, config, group, teacher)
        self._average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self._optimizers = Optimizers(self.model, config)
        self._schedule = Schedule(config)
        stores = ["train", "synth"] if config.synthetic_passes else ["train"]
        table = read_clip_table([data / name for name in stores], self._pieces, config.max_clip_s)
        self._clips = ResidentClips(table, group.device)
        self._dev = AudioStore(data / "dev")
        self.step, self._epoch, self._minutes_before = 0, 0, 0.0
        self._resume()
        self._started_s = time.monotonic()
        own_seed = config.seed + 7919 * (self.step * group.size + group.rank)
        torch.manual_seed(own_seed)  # a resumed run, or another process, draws other augmentations
        speech = self._clips.sound if config.augment.babble_prob else None
        self._augment = Augmenter(
            config.augment, read_noise_track(AudioStore(data / "noise")).to(group.device), own_seed, speech
        )

    def run(self, log_every: int = 50, save_every: int = 500, save_every_s: float = 600.0) -> None:
        """Trains to the end of the schedule; each checkpoint is enough to resume from.

        Args:
            log_every: steps between lines of the curve.
            save_every: steps between checkpoints with word error rates.
            save_every_s: seconds after which a checkpoint is due anyway, for machines that take hours for those steps.
        """
        throughput, recent, minutes = Throughput(), [], self._minutes()
        saved_s = time.monotonic()
        while not self._schedule.is_over(self.step, minutes):
            for segments in self._batches():
                recent.append(self._train_step(segments, self._schedule.plan(self.step, minutes)))
                self.step += 1
                throughput.add(self.group.size * int(segments.samples.sum()))
                minutes = self._minutes()
                over = self._schedule.is_over(self.step, minutes)
                if self.step % log_every == 0:
                    position = self._schedule.position(self.step, minutes)
                    self._report(recent, throughput.report(position, self.config.steps))
                    recent = []
                full = self.step % save_every == 0 or over
                if self.group.is_main and (full or time.monotonic() - saved_s >= save_every_s):
                    self._save()
                    saved_s = time.monotonic()
                if full:
                    if self.group.is_main:
                        averaged = Encoder(self.config.model).to(self.group.device)
                        averaged.load_state_dict(self._average)
                        depths = self.config.depths
                        rates = word_error_rate(averaged.eval(), self._dev, self._pieces, depths, limit=DEV_CLIPS)
                        percent = {str(depth): round(100 * rate, 1) for depth, rate in rates.items()}
                        self._note({"step": self.step, "dev_wer_percent": percent})
                    self.group.barrier()
                if over:
                    break
            self._epoch += 1

    def _minutes(self) -> float:
        """Minutes of this run with its interruptions left out, the same on all processes."""
        if not self.config.max_minutes:
            return 0.0
        return self.group.broadcast(self._minutes_before + (time.monotonic() - self._started_s) / 60)

    def _batches(self) -> Iterator[Segments]:
        """This process's share of all recordings and of the synthetic speech of this pass."""
        config, table, seed = self.config, self._clips.table, self.config.seed + self._epoch
        clips = np.arange(len(table))
        if config.synthetic_passes:
            in_turn = clips % config.synthetic_passes == self._epoch % config.synthetic_passes
            clips = clips[(table.store != SYNTHETIC_STORE) | in_turn]
        segments = draw_segments(table, clips, config.cut_prob, config.max_clip_s, np.random.default_rng(seed))
        group = self.group
        for members in shuffled_batches(segments.samples, config.batch_s, seed, group.rank, group.size):
            yield segments.take(members)

    def _train_step(self, segments: Segments, plan: StepPlan) -> dict[str, Tensor]:
        batch = self._clips.batch(segments)
        with torch.no_grad():
            augmented = self._augment(batch.sound, batch.lengths)
        loss, losses = self._training_loss.loss(batch, augmented, plan)
        parameters = [value for value in self.model.parameters() if value.requires_grad]
        for value in parameters:
            value.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        self.group.average_gradients(parameters)
        clip_gradients(parameters)
        self._optimizers.step(plan.learning_rate)
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        state = self.model.state_dict()
        with torch.no_grad():
            torch._foreach_lerp_([self._average[name] for name in state], list(state.values()), 1 - decay)
        return losses

    def _report(self, recent: list[dict[str, Tensor]], pace: dict[str, float]) -> None:
        if not self.group.is_main:
            return
        names = dict.fromkeys(name for row in recent for name in row)
        means = {name: float(torch.stack([row[name] for row in recent if name in row]).mean()) for name in names}
        losses = {name: round(value, 4) for name, value in means.items()}
        self._note({"step": self.step, "epoch": self._epoch, **losses, **pace})

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
                "minutes": self._minutes_before + (time.monotonic() - self._started_s) / 60,
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
        wanted = self.config.model
        if (
            dataclasses.replace(ModelConfig(**saved["config"]), dropout=wanted.dropout, layer_drop=wanted.layer_drop)
            != wanted
        ):
            raise ConfigError(
                f"{path} belongs to a model of another shape", hint="choose another --folder, or move the old run away"
            )
        self.model.load_state_dict(saved["model"])
        self._average = saved["average"]
        self._optimizers.load_state_dict(saved["optimizers"])
        self.step, self._epoch = saved["step"], saved["epoch"] + 1
        self._minutes_before = saved["minutes"]
        log.info("resumed at step %d", self.step)


class Throughput:
    """Audio per second and the remaining time of a run."""

    def __init__(self) -> None:
        self._samples, self._started_s = 0, time.monotonic()
        self._first_position: float | None = None

    def add(self, samples: int) -> None:
        """Counts the audio of a step."""
        self._samples += samples

    def report(self, position: float, steps: int) -> dict[str, float]:
        """Seconds of audio a second since the start, and the minutes left at the pace since the first report."""
        elapsed_s = time.monotonic() - self._started_s
        if self._first_position is None:
            self._first_position, self._first_s = position, elapsed_s
        done, passed_s = position - self._first_position, elapsed_s - self._first_s
        left = {"left_min": round((steps - position) / done * passed_s / 60, 1)} if done > 0 else {}
        return {"audio_s_per_s": round(self._samples / SAMPLE_RATE_HZ / elapsed_s), **left}


def _new_model(config: TrainingConfig) -> Encoder:
    model = Encoder(config.model)
    if not config.train_biases:
        for name, value in model.blocks.named_parameters():
            if name.endswith(".bias") and "conv_norm" not in name:
                nn.init.zeros_(value)
                value.requires_grad_(False)
    if config.start_from:
        load_weights(model, Path(config.start_from))
    if config.frozen_layers:
        # freezes what the first layers need. Their private rows of stacked parameters get no gradient
        blocks = {model.config.block_of(layer) for layer in range(config.frozen_layers)}
        heads = model.phone_head, model.phone_context
        for part in (model.subsampling, *heads, *(model.blocks[block] for block in blocks)):
            if part is not None:
                part.requires_grad_(False)
    return model

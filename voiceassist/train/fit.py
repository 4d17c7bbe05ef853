"""The training loop: resumable, written for a GPU, fine on a CPU."""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from voiceassist.errors import ConfigError, DataError
from voiceassist.train.augment import Augmenter, SpecAugment
from voiceassist.train.batches import Example, collate, make_examples, shuffled_batches
from voiceassist.train.config import FitConfig
from voiceassist.train.evaluate import word_error_rate
from voiceassist.train.model import Encoder, LogMel, ModelConfig, Subsampling, rotary_table
from voiceassist.train.objective import allowed_pieces, ctc_loss, frame_phones, phone_loss
from voiceassist.train.optimizers import Optimizers, schedule
from voiceassist.train.store import AudioStore
from voiceassist.train.text import Pieces

log = logging.getLogger(__name__)


class Fit:
    """A run and its folder: ``checkpoint.pt`` to resume from, ``curve.ndjson``."""

    def __init__(self, config: FitConfig, folder: Path, device: torch.device) -> None:
        self.config, self.folder, self.device = config, folder, device
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(config.seed)
        data = Path(config.data)
        self._pieces = Pieces(data / "tokens.model")
        if len(self._pieces) != config.model.tokens:
            raise ConfigError(
                f"the model has {config.model.tokens} tokens, the data {len(self._pieces)} pieces",
                hint="prepare the data anew or change model.tokens",
            )
        self.model = Encoder(config.model).to(device)
        if config.start_from:
            load_weights(self.model, Path(config.start_from))
        self._average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self._optimizers = Optimizers(self.model, config)
        self._augment = Augmenter(config.augment, _noise_track(data / "noise", device), config.seed)
        self._hide = SpecAugment(config.augment)
        self._recorded = make_examples(AudioStore(data / "train"), self._pieces, config.longest_s)
        self._synthetic: list[Example] = []
        if config.synthetic_turns:
            self._synthetic = make_examples(AudioStore(data / "synth"), self._pieces, config.longest_s)
        self._dev = AudioStore(data / "dev")
        self.step = 0
        self._epoch = 0
        self._resume()

    def run(self, log_every: int = 50, save_every: int = 500) -> None:
        """Trains to the last step; what is saved on the way is enough to go on after any interruption."""
        started, heard_s, recent = time.monotonic(), 0.0, []
        first_step = self.step
        while self.step < self.config.steps:
            for examples in shuffled_batches(
                self._epoch_examples(), self.config.batch_s, self.config.seed + self._epoch
            ):
                recent.append(self._train_step(examples))
                heard_s += sum(len(example.sound) for example in examples) / 16_000
                self.step += 1
                if self.step % log_every == 0:
                    self._report(
                        recent,
                        heard_s / (time.monotonic() - started),
                        (time.monotonic() - started) / (self.step - first_step),
                    )
                    recent = []
                if self.step % save_every == 0 or self.step >= self.config.steps:
                    self._save()
                    self._evaluate()
                if self.step >= self.config.steps:
                    break
            self._epoch += 1

    def _epoch_examples(self) -> list[Example]:
        """All recordings, and the part of the synthetic speech whose turn it is."""
        turns = self.config.synthetic_turns
        return self._recorded + (self._synthetic[self._epoch % turns :: turns] if turns else [])

    def _train_step(self, examples: list[Example]) -> dict[str, float]:
        config, batch = self.config, collate(examples, self.device)
        with torch.no_grad():
            augmented = self._augment(batch.sound, batch.lengths)
        frames = Subsampling.frames(LogMel.frames(augmented.lengths))
        shallow = self.step < config.shallow_steps
        with torch.autocast(self.device.type, torch.bfloat16):
            early, late, phones = self._forward(augmented.sound, augmented.lengths, shallow)
        span = early.shape[1]
        allowed = None
        if self.step < config.steps - config.free_steps:
            allowed = allowed_pieces(batch, span, config.model.tokens, augmented.offset_ms, augmented.speed)
        losses = {
            "early": ctc_loss(early, frames, batch, allowed),
            "phone": phone_loss(phones, frame_phones(batch, span, augmented.offset_ms, augmented.speed), frames),
        }
        weight = config.phone_weight * max(0.1, 1 - self.step / config.steps)
        loss = weight * losses["phone"] + (1.0 if late is None else config.early_weight) * losses["early"]
        if late is not None:
            losses["ctc"] = ctc_loss(late, frames, batch, allowed)
            loss = loss + losses["ctc"]
        self._optimizers.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        if torch.isfinite(norm):
            self._optimizers.step(config.learning_rate * schedule(self.step, config))
        self._update_average()
        return {name: float(value.detach()) for name, value in losses.items()}

    def _forward(self, sound: Tensor, lengths: Tensor, shallow: bool) -> tuple[Tensor, Tensor | None, Tensor]:
        """Early and final CTC log-probabilities (no final ones when shallow) and phone logits."""
        model, shape = self.model, self.config.model
        x, mask = model.embed(sound, lengths, self._hide)
        rotary = rotary_table(x.shape[1], shape.dim // shape.heads).to(x.device)
        for index in range(shape.phone_layer):
            x = model.layer(index, x, rotary, mask)
        if model.phone_head is None:
            raise ConfigError("the model has no phone head", hint="set model.phones to 40")
        early, phones = model.classify(x), model.phone_head(x)
        if shallow:
            return early, None, phones
        for index in range(shape.phone_layer, shape.layers):
            x = model.layer(index, x, rotary, mask)
        return early, model.classify(x), phones

    def _update_average(self) -> None:
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                self._average[name].lerp_(value, 1 - decay)

    def _report(self, recent: list[dict[str, float]], audio_s_per_s: float, seconds_per_step: float) -> None:
        means = {name: float(np.mean([row[name] for row in recent if name in row])) for name in recent[-1]}
        left_min = (self.config.steps - self.step) * seconds_per_step / 60
        self._note(
            {
                "step": self.step,
                "epoch": self._epoch,
                **{name: round(value, 4) for name, value in means.items()},
                "audio_s_per_s": round(audio_s_per_s),
                "left_min": round(left_min, 1),
            }
        )

    def _evaluate(self) -> None:
        averaged = Encoder(self.config.model).to(self.device)
        averaged.load_state_dict(self._average)
        depths = sorted({self.config.model.phone_layer, self.config.model.layers})
        rates = word_error_rate(averaged.eval(), self._dev, self._pieces, depths, limit=150)
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
        saved = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self._average = saved["average"]
        self._optimizers.load_state_dict(saved["optimizers"])
        self.step, self._epoch = saved["step"], saved["epoch"] + 1
        log.info("going on from step %d", self.step)


def load_encoder(checkpoint: Path) -> Encoder:
    """The averaged model of a checkpoint, in evaluation mode.

    Raises:
        DataError: there is no readable checkpoint.
    """
    try:
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError) as error:
        raise DataError(
            f"cannot read the checkpoint {checkpoint}: {error}", hint="run: python -m voiceassist.train fit"
        ) from error
    encoder = Encoder(ModelConfig(**saved["config"]))
    encoder.load_state_dict(saved["average"])
    return encoder.eval()


def load_weights(model: Encoder, checkpoint: Path) -> None:
    """Starts ``model`` with a checkpoint's weights; a shared block is copied into every block."""
    weights = load_encoder(checkpoint).state_dict()
    for name in model.state_dict():
        parts = name.split(".")
        if name not in weights and parts[0] == "blocks":
            weights[name] = weights[".".join(["blocks", "0", *parts[2:]])]
    model.load_state_dict(weights)


def _noise_track(folder: Path, device: torch.device) -> Tensor:
    store = AudioStore(folder)
    track = torch.from_numpy(np.array(store.sound)).to(device).float() / 32768
    for item in store.items:  # recordings differ in level by far more than rooms do
        part = track[item.begin : item.begin + item.samples]
        part /= part.pow(2).mean().sqrt().clamp(min=1e-4) * 10
    return track

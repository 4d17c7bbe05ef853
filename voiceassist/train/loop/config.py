"""The config of a training run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import AugmentConfig
from voiceassist.train.model.encoder import ModelConfig
from voiceassist.validation import Problems

_HINT = "compare with the configs in models/configs"


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run; every shipped pack's is in the repository.

    Attributes:
        name: of the run and its folder.
        data: folder that ``prepare`` wrote.
        start_from: checkpoint or pack whose weights this run begins with; empty for a fresh start. A shared one may
            start an unshared model: each block then begins as a copy.
        steps: optimiser steps of the whole run.
        warmup_steps: of rising learning rate.
        decay_steps: of falling learning rate, at the end.
        free_steps: steps at the end in which CTC may take any path.
        shallow_steps: steps at the beginning that run only the first of ``depths``, which is faster.
        synthetic_turns: in how many passes over the recordings all synthetic speech is heard once; 0 for none.
        batch_s: seconds of audio in a batch.
        longest_s: clips above this are left out.
        learning_rate: at its peak.
        weight_decay: of the hidden matrices.
        phone_weight: weight of the phone loss, the mean of that after all of these turns.
        ctc_layers: after which turns the heads listen, rising; empty for half of the turns and all.
        early_weight: weight of CTC after all of these turns but the last, together.
        cut_prob: share of the aligned recordings that are cut into short pieces anew in each pass.
        teacher: checkpoint whose frames the model imitates as well; empty for none.
        teacher_weight: of that imitation.
        bf16: compute in bfloat16 where that is safe; about twice as fast on processors and GPUs of today.
        compile: let torch compile the model; pays off on a GPU.
        average: decay of the running average of weights that is evaluated and exported.
    """

    name: str
    data: str
    start_from: str = ""
    steps: int = 10_000
    warmup_steps: int = 300
    decay_steps: int = 3_000
    free_steps: int = 1_500
    shallow_steps: int = 0
    synthetic_turns: int = 2
    batch_s: float = 100.0
    longest_s: float = 16.0
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    phone_weight: float = 1.0
    ctc_layers: tuple[int, ...] = ()
    early_weight: float = 0.3
    cut_prob: float = 0.0
    teacher: str = ""
    teacher_weight: float = 1.0
    bf16: bool = True
    compile: bool = False
    average: float = 0.999
    seed: int = 1
    model: ModelConfig = field(default_factory=ModelConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        depths, layers = self.depths, self.model.layers
        if list(depths) != sorted(set(depths)) or depths[0] < 1 or depths[-1] != layers:
            raise ConfigError(
                f"CTC cannot listen after the turns {list(depths)} of {layers}",
                hint="name different turns in rising order, the last layer last",
            )

    @property
    def depths(self) -> tuple[int, ...]:
        """After which turns the model learns to write, and to tell phones."""
        return self.ctc_layers or tuple(sorted({max(1, self.model.layers // 2), self.model.layers}))

    def depth_weights(self, count: int) -> list[float]:
        """Weights of CTC at the first ``count`` depths: the deepest of them weighs 1."""
        early = count - 1
        return [self.early_weight / early] * early + [1.0] if early else [1.0]


def read_config(path: Path) -> TrainingConfig:
    """Reads a TOML config with the tables ``[model]`` and ``[augment]``.

    Raises:
        ConfigError: not readable, or with keys or values that a run cannot have; it lists all of them.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}", hint=_HINT) from error
    problems = Problems(str(path), hint=_HINT)
    tables = {
        name: problems.below(name).dataclass(kind, problems.below(name).object(raw.pop(name, {})))
        for name, kind in (("model", ModelConfig), ("augment", AugmentConfig))
    }
    plain = problems.dataclass(TrainingConfig, raw)
    for name in ("name", "data"):
        if name not in raw:
            problems.add(f"{name} is missing")
    if problems:
        raise problems.error(ConfigError)
    return TrainingConfig(**plain, model=ModelConfig(**tables["model"]), augment=AugmentConfig(**tables["augment"]))

"""The config of a training run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import AugmentConfig
from voiceassist.train.model.encoder import ModelConfig
from voiceassist.validation import Problems

MIN_RANDOM_DEPTH_SHARE = 1 / 3
"""A random depth is at least this share of the layers."""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run; the config of every shipped pack is in the repository.

    Attributes:
        name: name of the run and of its folder.
        data: folder that ``prepare`` wrote.
        start_from: checkpoint or pack with initial weights; empty for a fresh start. A model with fewer blocks may
            start one with more: each block begins as a copy of the block that ran the same layer.
        steps: optimizer steps of the whole run.
        max_minutes: ends the run by the clock; ``steps``, ``decay_steps``, ``free_steps`` and ``shallow_steps`` then
            are shares of that time. 0 to count steps.
        warmup_steps: steps of rising learning rate.
        decay_steps: steps of falling learning rate, at the end.
        free_steps: steps at the end in which CTC may take any path.
        shallow_steps: steps at the beginning that run only to the first of ``depths``, which is faster.
        synthetic_passes: passes over the recordings in which all synthetic speech is heard once; 0 for none.
        batch_s: seconds of audio in a batch.
        max_clip_s: longer clips are left out.
        learning_rate: peak learning rate.
        weight_decay: of the hidden matrices.
        frozen_layers: first layers that keep their weights, and with them front end and phone head: the phones of a
            finished model stay as they are, and the backward pass ends there. Every depth with a loss must be beyond.
        train_biases: train the biases of the blocks' linear layers; without, they keep their initial values and the
            backward pass is cheaper.
        phone_weight: weight of the phone loss, the mean over all depths.
        ctc_layers: depths with a loss, rising; empty for half of the layers and all.
        early_weight: summed weight of CTC at all depths but the last.
        random_depth: adds one more depth in each step, so that any depth can be run later.
        cut_prob: share of the aligned recordings that are cut into short segments in each pass.
        teacher: checkpoint of a model to distil; empty for none.
        teacher_weight: weight of the divergence from the teacher's pieces.
        teacher_phone_weight: weight of the divergence from the teacher's phones.
        teacher_depths: depths that imitate the teacher's pieces; empty for the last.
        bf16: compute in bfloat16 where that is safe; about twice as fast.
        compile: let torch compile the blocks.
        fused: on a GPU run the blocks with few kernels.
        graphs: on a GPU run the layers as CUDA graphs, one for each shape of a batch.
        average: decay of the running average of weights, which is evaluated and exported.
        seed: of weights, batches and augmentation.
    """

    name: str
    data: str
    start_from: str = ""
    steps: int = 10_000
    max_minutes: float = 0.0
    warmup_steps: int = 300
    decay_steps: int = 3_000
    free_steps: int = 1_500
    shallow_steps: int = 0
    synthetic_passes: int = 2
    batch_s: float = 100.0
    max_clip_s: float = 16.0
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    frozen_layers: int = 0
    train_biases: bool = True
    phone_weight: float = 1.0
    ctc_layers: tuple[int, ...] = ()
    early_weight: float = 0.3
    random_depth: bool = False
    cut_prob: float = 0.0
    teacher: str = ""
    teacher_weight: float = 1.0
    teacher_phone_weight: float = 0.0
    teacher_depths: tuple[int, ...] = ()
    bf16: bool = True
    compile: bool = False
    fused: bool = True
    graphs: bool = True
    average: float = 0.999
    seed: int = 1
    model: ModelConfig = field(default_factory=ModelConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        depths, layers = self.depths, self.model.layers
        if list(depths) != sorted(set(depths)) or depths[0] < 1 or depths[-1] != layers:
            raise ConfigError(
                f"ctc_layers = {list(depths)} does not fit {layers} layers",
                hint="name different layers in rising order, the last one included",
            )
        if self.frozen_layers >= depths[0]:
            raise ConfigError(
                f"the loss at layer {depths[0]} cannot train {self.frozen_layers} frozen layers",
                hint="choose ctc_layers beyond frozen_layers",
            )
        if not set(self.teacher_depths) <= set(depths):
            raise ConfigError(
                f"teacher_depths = {list(self.teacher_depths)} are not among the depths {list(depths)}",
                hint="name depths of ctc_layers",
            )

    @property
    def depths(self) -> tuple[int, ...]:
        """The depths with a loss for pieces and phones."""
        return self.ctc_layers or tuple(sorted({max(1, self.model.layers // 2), self.model.layers}))

    @property
    def random_depths(self) -> list[int]:
        """The depths that ``random_depth`` draws from."""
        shape = self.model
        least = max(1, int(shape.layers * MIN_RANDOM_DEPTH_SHARE), self.frozen_layers + 1)
        return [depth for depth in range(least, shape.layers) if depth not in self.depths and self.random_depth]

    def depth_weights(self, count: int) -> list[float]:
        """CTC weights of ``count`` depths: 1 for the deepest, ``early_weight`` divided among the others."""
        early = count - 1
        return [self.early_weight / early] * early + [1.0] if early else [1.0]


def read_config(path: Path) -> TrainingConfig:
    """Reads a TOML config with the tables ``[model]`` and ``[augment]``.

    Raises:
        ConfigError: lists every problem found: not readable, unknown or missing keys, values of the wrong type.
    """
    problems = Problems(str(path), hint="compare with the configs in models/configs")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.add(str(error))
        raise problems.error(ConfigError) from error
    tables = {}
    for name, kind in (("model", ModelConfig), ("augment", AugmentConfig)):
        below = problems.below(name)
        tables[name] = below.dataclass(kind, below.object(raw.pop(name, {})))
    whole = problems.dataclass(TrainingConfig, raw)
    if problems:
        raise problems.error(ConfigError)
    model, augment = ModelConfig(**tables["model"]), AugmentConfig(**tables["augment"])
    return TrainingConfig(**whole, model=model, augment=augment)

"""The plan of each training step: depths, CTC restriction and learning rate, by steps or by the clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voiceassist.train.loop.config import TrainingConfig


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What one step does.

    Attributes:
        depths: layers after which the heads have a loss, rising.
        restrict_ctc: whether CTC is restricted to paths near the word times.
        learning_rate: for all parameters.
    """

    depths: tuple[int, ...]
    restrict_ctc: bool
    learning_rate: float


class Schedule:
    """Warm-up, constant rate, linear decay. With ``max_minutes`` the clock drives all but the warm-up."""

    def __init__(self, config: TrainingConfig) -> None:
        self._config = config

    def position(self, step: int, minutes: float) -> float:
        """How far the run is, in steps: the step itself, or the elapsed share of ``max_minutes`` of all steps."""
        config = self._config
        return config.steps * minutes / config.max_minutes if config.max_minutes else float(step)

    def is_over(self, step: int, minutes: float) -> bool:
        """Whether the run is complete."""
        return self.position(step, minutes) >= self._config.steps

    def plan(self, step: int, minutes: float) -> StepPlan:
        """The plan of a step; processes with the same arguments get the same plan."""
        config, position = self._config, self.position(step, minutes)
        rising = (step + 1) / max(1, config.warmup_steps)
        falling = (config.steps - position) / max(1, config.decay_steps)
        factor = max(0.0, min(1.0, rising, falling))
        depths = config.depths
        if position < config.shallow_steps:
            depths = depths[:1]
        elif config.random_depths:
            extra = int(np.random.default_rng([config.seed, step]).choice(config.random_depths))
            depths = tuple(sorted({*depths, extra}))
        return StepPlan(
            depths,
            restrict_ctc=position < config.steps - config.free_steps,
            learning_rate=config.learning_rate * factor,
        )

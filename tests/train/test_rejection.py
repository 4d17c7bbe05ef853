"""How often nothing was said and something would be done."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from voiceassist.paths import default_paths
from voiceassist.train.evaluation.rejection import LIST_VALUES, Trials, default_commands

probs = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(negatives=probs, right=probs, low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_stricter_threshold_does_less_and_loses_more(
    negatives: list[float], right: list[float], low: float, high: float
) -> None:
    low, high = sorted((low, high))
    trials = Trials(tuple(negatives), 0.5, tuple(right), len(right))
    assert trials.false_actions_per_hour(high) <= trials.false_actions_per_hour(low)
    assert trials.lost_percent(high) >= trials.lost_percent(low)


def test_what_is_counted() -> None:
    trials = Trials((0.2, 0.9, 0.6), 0.5, (0.5, 0.95, 0.99, 0.7), 6)
    assert trials.false_actions_per_hour(0.6) == 4.0
    assert trials.lost_percent(0.6) == 25.0


def test_the_default_commands_do_not_depend_on_this_machine(tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("intents: {Mine: [what the figures need]}\n", encoding="utf-8")
    commands = default_commands(default_paths().default_commands, more)
    assert {"TellTime", "Mine"} <= set(commands.intents)
    assert set(LIST_VALUES) <= set(commands.lists)

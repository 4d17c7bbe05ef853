"""How often nothing was said and something would be done."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from voiceassist.action_spec import Risk
from voiceassist.domain import Addressing, CommandSpec, Interpretation, Verdict
from voiceassist.engine.policy import decide
from voiceassist.packs.calibration import Calibration, Thresholds
from voiceassist.paths import default_paths
from voiceassist.train.evaluation.rejection import LIST_VALUES, Heard, Trials, default_commands, raised

probs = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(negatives=probs, right=probs, low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_stricter_threshold_does_less_and_loses_more(
    negatives: list[float], right: list[float], low: float, high: float
) -> None:
    low, high = sorted((low, high))
    trials = Trials(tuple(negatives), 0.5, tuple(right), len(right))
    assert trials.false_actions_per_hour(high) <= trials.false_actions_per_hour(low)
    assert trials.lost_percent(high) >= trials.lost_percent(low)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
)
def test_raised_thresholds_let_nothing_pass_that_was_no_command(
    sounds: list[tuple[float, float]], fitted: list[float]
) -> None:
    strict, held, wake = (Thresholds(max(pair), min(pair)) for pair in zip(fitted[::2], fitted[1::2], strict=True))
    calibration = Calibration(0.5, 1.0, 0.0, act_prob=strict.act_prob, ask_prob=strict.ask_prob, held=held, wake=wake)
    spec = CommandSpec("Close", risk=Risk.SAFE)
    heard = [Heard(Interpretation("close", spec, confidence=value), speech_prob) for value, speech_prob in sounds]
    higher = raised(calibration, heard, hours=0.5)
    verdicts = {
        decide(one.best, higher, Addressing.OPEN, one.speech_prob).verdict for one in heard if one.confidence < 1
    }
    assert verdicts <= {Verdict.REJECT}
    clear = raised(calibration, [one if one.is_clear else Heard() for one in heard], hours=0.5)
    assert (clear.act_prob, clear.ask_prob) == (higher.act_prob, higher.ask_prob), "noise makes nobody unheard"
    modes = [higher.thresholds(mode) for mode in (Addressing.HELD, Addressing.OPEN)]
    assert modes[0].act_prob <= modes[1].act_prob
    assert modes[0].ask_prob <= modes[1].ask_prob or modes[1].ask_prob == modes[1].act_prob
    assert higher.wake is not None
    assert wake.act_prob <= higher.wake.act_prob or higher.wake.act_prob == higher.act_prob


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

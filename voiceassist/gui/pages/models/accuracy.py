"""How well a model understands, as its manifest tells from training."""

from __future__ import annotations

from typing import Any

from voiceassist.gui.translation import decimal, mark, tr
from voiceassist.packs.manifest import Manifest

_PHRASES, _COUNT = "dev_phrases_percent_by_prior_weight", "dev_phrases"
_WRITTEN, _GREEDY = "dev_written_wer_percent", "dev_wer_percent"
"""Words wrong as the program writes them, and without its letter model, which packs of others may be measured with."""


def phrases_percent(manifest: Manifest) -> float | None:
    """Percentage of phrases understood, spoken by people who are not in the training data."""
    return _number(_found(manifest, _PHRASES).get(f"{manifest.calibration.prior_weight:g}"))


def words_wrong_percent(manifest: Manifest, measure: str = _WRITTEN) -> float | None:
    """Word error rate of free transcription at full depth, in percent."""
    return _number(_found(manifest, measure).get(str(manifest.layers)))


def accuracy_words(shared: Manifest, unshared: Manifest) -> str:
    """What sharing costs in accuracy; empty where either pack does not tell."""
    parts = []
    one, other = phrases_percent(shared), phrases_percent(unshared)
    if one is not None and other is not None:
        percents = {"one": decimal(one), "other": decimal(other)}
        if percents["one"] == percents["other"]:
            parts.append(tr("it understood {one} % of spoken phrases, as many as the other", **percents))
        else:
            parts.append(tr("it understood {one} % of spoken phrases instead of {other} %", **percents))
    for measure in (_WRITTEN, _GREEDY):
        one, other = words_wrong_percent(shared, measure), words_wrong_percent(unshared, measure)
        if one is not None and other is not None:
            break
    if one is not None and other is not None:
        parts.append(
            tr(
                "in free dictation it got {one} % of the words wrong instead of {other} %",
                one=decimal(one),
                other=decimal(other),
            )
        )
    return tr("With voices of strangers, {figures}.", figures="; ".join(parts)) if parts else ""


def accuracy_lines(manifest: Manifest) -> list[str]:
    """Everything that was measured in training, a line each; what this program does not know as it stands there."""
    lines, rest = [], dict(manifest.metrics)
    percent = phrases_percent(manifest)
    if percent is not None:
        count = rest.pop(_COUNT, None)
        lines.append(
            tr("Phrases understood: {percent} % of {count}", percent=decimal(percent), count=count)
            if count
            else tr("Phrases understood: {percent} %", percent=decimal(percent))
        )
        rest.pop(_PHRASES)
    for measure, sentence in (
        (_WRITTEN, mark("Words wrong in free dictation: {figures}")),
        (_GREEDY, mark("Words wrong in free dictation, without a model of the language: {figures}")),
    ):
        if words_wrong_percent(manifest, measure) is not None:
            depths = ", ".join(
                tr("{rate} % after {depth} layers", rate=_value(rate), depth=depth)
                for depth, rate in rest.pop(measure).items()
            )
            lines.append(tr(sentence, figures=depths))
    if "code" in rest:
        rest["Measured with version"] = rest.pop("code")
    return lines + [f"{name.replace('_', ' ')}: {_value(value)}" for name, value in rest.items()]


def _found(manifest: Manifest, name: str) -> dict[str, Any]:
    value = manifest.metrics.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _value(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{key}: {_value(part)}" for key, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""How well a pack understands, by what its manifest tells from training."""

from __future__ import annotations

from typing import Any

from voiceassist.packs.manifest import Manifest

_PHRASES, _COUNT, _WORDS = "dev_phrases_percent_by_prior_weight", "dev_phrases", "dev_wer_percent"


def phrases_percent(manifest: Manifest) -> float | None:
    """Of phrases that were a closed grammar, spoken by people whom training never heard, how many came out right."""
    return _number(_found(manifest, _PHRASES).get(f"{manifest.calibration.prior_weight:g}"))


def words_wrong_percent(manifest: Manifest) -> float | None:
    """Of words written down without any grammar at full depth, how many were wrong."""
    return _number(_found(manifest, _WORDS).get(str(manifest.layers)))


def accuracy_words(shared: Manifest, unshared: Manifest) -> str:
    """What sharing costs in accuracy; empty where either pack does not tell."""
    parts = []
    one, other = phrases_percent(shared), phrases_percent(unshared)
    if one is not None and other is not None:
        parts.append(f"it understood {one:.1f} % of spoken phrases against {other:.1f}")
    one, other = words_wrong_percent(shared), words_wrong_percent(unshared)
    if one is not None and other is not None:
        parts.append(f"without a grammar it wrote {one:.1f} % of the words wrong against {other:.1f}")
    return f"Accuracy, measured in training on other people's voices: {'; '.join(parts)}." if parts else ""


def accuracy_lines(manifest: Manifest) -> list[str]:
    """Everything that was measured in training, a line each; what this program does not know as it stands there."""
    lines, rest = [], dict(manifest.metrics)
    percent = phrases_percent(manifest)
    if percent is not None:
        count = rest.pop(_COUNT, None)
        lines.append(f"Phrases understood: {percent:.1f} %" + (f" of {count}" if count else ""))
        rest.pop(_PHRASES)
    if words_wrong_percent(manifest) is not None:
        depths = ", ".join(f"{_value(rate)} % after {depth} turns" for depth, rate in rest.pop(_WORDS).items())
        lines.append(f"Words wrong without a grammar: {depths}")
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

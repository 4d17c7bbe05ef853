"""The published benchmarks of a pack, on real voices outside the training data."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from voiceassist.asr import ctc
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.bench.probe import LENGTHS_S
from voiceassist.bench.suite import measure
from voiceassist.bench.version import code_version
from voiceassist.domain import SAMPLE_RATE_HZ, Addressing, Samples
from voiceassist.errors import DataError
from voiceassist.packs.pack import Pack
from voiceassist.paths import default_paths
from voiceassist.train.data.corpus import read_rows
from voiceassist.train.data.store import AudioStore
from voiceassist.train.evaluation.evaluation import (
    COUNTS,
    Change,
    depths_of,
    error_rates,
    evaluate_commands,
    save_result,
    unchanged,
)
from voiceassist.train.evaluation.near_misses import measure_near_misses
from voiceassist.train.evaluation.phrase_set import Phrase, cut_phrases, halves, phrase_automaton
from voiceassist.train.evaluation.rejection import default_commands, measure_rejection
from voiceassist.train.evaluation.synthetic_near_misses import measure_synthetic_near_misses

log = logging.getLogger(__name__)

NOISE_SNR_DB = 10.0
PHRASES = 500
NEAR_MISS_PHRASES = 600
REJECTION_PHRASES = 100
"""Phrases added to the default commands: more than a user adds."""
PHRASE_SEED = 20
"""Differs from the seed of calibration."""
FRAME_SAMPLES = 320
TIMED_RUNS = 40
QUIET_DB = 30.0
"""Frames this far below the loudest are pauses and do not count towards the speech level."""


@dataclass(frozen=True, slots=True)
class Material:
    """The data for the benchmarks.

    Attributes:
        data: the folder with ``words/`` and ``commands/``.
        dev: held-out speech.
        noise: noise recordings held out of training.
        speakers: of the dev clips, by key.
        grammar: for the recorded commands.
        all_depths: evaluate every trained depth, or only the smallest and the largest.
    """

    data: Path
    dev: AudioStore
    noise: AudioStore
    speakers: Mapping[str, str]
    grammar: Path
    all_depths: bool = True

    def depths(self, pack: Pack) -> list[int]:
        """The depths of a pack to evaluate."""
        depths = depths_of(pack)
        return depths if self.all_depths else sorted({depths[0], depths[-1]})


Benchmark = Callable[[Pack, Material, Change], dict[str, Any]]


def run_benchmarks(pack: Pack, material: Material, results: Path, only: Iterable[str] = ()) -> dict[str, Any]:
    """Runs all benchmarks, or ``only`` those named, and merges the results into the stored ones.

    Each result names the code version and the model file that it was measured with.
    """
    path = results / f"{pack.name}-benchmark.json"
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in list(only) or list(BENCHMARKS):
        log.info("%s: %s", pack.name, name)
        mark = {"code": code_version(), "model_sha256": pack.manifest.files["model.onnx"].sha256}
        stored[name] = mark | BENCHMARKS[name](pack, material, unchanged)
        stored = {"pack": pack.name} | {kind: stored[kind] for kind in BENCHMARKS if kind in stored}
        save_result(stored, results, path.stem)
    return stored


def in_noise(noise: AudioStore, snr_db: float, samples: Samples, number: int) -> Samples:
    """Mixes in noise at ``snr_db`` relative to the speech level; the same number gives the same noise."""
    if not len(samples):
        return samples
    rng = np.random.default_rng(number)
    item = noise.items[int(rng.integers(len(noise.items)))]
    track = noise.float_sound(item)
    segment = np.resize(np.roll(track, -int(rng.integers(len(track)))), len(samples))
    level = float(np.sqrt(np.mean(segment**2))) + 1e-9
    mixed: Samples = samples + (speech_level(samples) * 10 ** (-snr_db / 20) / level * segment).astype(np.float32)
    return mixed


def speech_level(samples: Samples) -> float:
    """Root mean square of the frames that are not pauses."""
    whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES]
    if not len(whole):
        return float(np.sqrt(np.mean(samples**2)))
    power = np.mean(whole.reshape(-1, FRAME_SAMPLES) ** 2, axis=1)
    return float(np.sqrt(np.mean(power[power >= power.max() * 10 ** (-QUIET_DB / 10)])))


def closed_set(
    recognizer: Recognizer, phrases: Sequence[Phrase], depths: Sequence[int], change: Change
) -> dict[str, float]:
    """Percent of the phrases recognised exactly when all of them form the grammar, by depth."""
    automaton = phrase_automaton([phrase.text for phrase in phrases], recognizer)
    manifest = recognizer.pack.manifest
    prior = np.array(manifest.log_prior, np.float32)
    ranking = Ranking(recognizer, manifest.calibration)
    right = dict.fromkeys(depths, 0)
    for number, phrase in enumerate(phrases):
        sound = change(phrase.samples, number)
        for depth in depths:
            posteriors = recognizer.hear(sound, depth)
            scores = ctc.adjust(posteriors.phones, prior, manifest.calibration.prior_weight)
            found = ranking.interpretations(posteriors, scores, automaton)
            right[depth] += bool(found) and found[0].text == phrase.text
    return {str(depth): round(100 * count / len(phrases), 1) for depth, count in right.items()}


def benchmark_wer(pack: Pack, material: Material, change: Change) -> dict[str, Any]:
    """Greedy word error rate on all of dev, in percent by depth."""
    with Recognizer(pack) as recognizer:
        rates = error_rates(recognizer, material.dev, material.depths(pack), change)
    percents = {
        f"{name}_percent": {str(depth): rate for depth, rate in found.items()}
        for name, found in rates._asdict().items()
    }
    return {"clips": len(material.dev.items), **percents}


def benchmark_phrases(pack: Pack, material: Material, change: Change) -> dict[str, Any]:
    """Phrases that are understood word by word, from speakers that were not used for the calibration."""
    _, other_half = halves(material.dev.items, material.speakers)
    phrases = cut_phrases(material.dev, PHRASES, PHRASE_SEED, other_half)
    if not phrases:
        raise DataError("no phrases can be cut from the dev speech", hint="prepare it with --processes 1 or more")
    with Recognizer(pack) as recognizer:
        return {"phrases": len(phrases), "percent": closed_set(recognizer, phrases, material.depths(pack), change)}


def benchmark_words(pack: Pack, material: Material, change: Change) -> dict[str, Any]:
    """Single words that no training has seen."""
    rows = read_rows(material.data / "words" / "words.tsv")
    words = [Phrase(row["word"], read_sound(str(material.data / row["path"]))) for row in rows]
    with Recognizer(pack) as recognizer:
        percent = closed_set(recognizer, words, material.depths(pack), change)
    return {"words": len({word.text for word in words}), "recordings": len(words), "percent": percent}


def benchmark_commands(pack: Pack, material: Material, change: Change) -> dict[str, Any]:
    """Recorded commands, by origin and depth."""
    table = material.data / "commands" / "commands.tsv"
    found: dict[str, Any] = {}
    for name, origin in (("human", "human"), ("tts", "synthetic voice")):
        found[name] = {}
        for depth in material.depths(pack):
            result = evaluate_commands(pack, material.grammar, table, origin, depth=depth, change=change)
            found[name][str(depth)] = {count: result[count] for count in COUNTS}
    return found


def benchmark_noise(pack: Pack, material: Material, _: Change) -> dict[str, Any]:
    """The benchmarks above with held-out noise."""
    change = partial(in_noise, material.noise, NOISE_SNR_DB)
    found: dict[str, Any] = {"snr_db": NOISE_SNR_DB, "recordings": len(material.noise.items)}
    for name in ("wer", "phrases", "words", "commands"):
        found[name] = BENCHMARKS[name](pack, replace(material, all_depths=False), change)
    return found


def benchmark_rejection(pack: Pack, material: Material, _: Change) -> dict[str, Any]:
    """Misses against false actions on the speakers that were not used for the thresholds."""
    other_half = halves(material.dev.items, material.speakers)[1]
    negatives = {"speech": (material.dev, other_half), "noise": (material.noise, material.noise.items)}
    phrases = cut_phrases(material.dev, REJECTION_PHRASES, PHRASE_SEED, other_half)
    folder = default_paths().default_commands
    return measure_rejection(pack, folder, negatives, phrases, material.data, material.grammar)


def benchmark_near_misses(pack: Pack, material: Material, _: Change) -> dict[str, Any]:
    """Near misses of phrases from the speakers that were not used for the calibration."""
    other_half = halves(material.dev.items, material.speakers)[1]
    phrases = cut_phrases(material.dev, NEAR_MISS_PHRASES, PHRASE_SEED, other_half)
    calibration = pack.manifest.calibration
    thresholds = {str(way): calibration.thresholds(way).act_prob for way in Addressing}
    with Recognizer(pack) as recognizer:
        found = {"phrases": len(phrases)} | measure_near_misses(recognizer, phrases, thresholds)
        commands = default_commands(default_paths().default_commands)
        return found | {"synthetic": measure_synthetic_near_misses(recognizer, commands)}


def benchmark_cost(pack: Pack, _: Material, __: Change) -> dict[str, Any]:
    """Size, memory, load time and latency for 2, 4 and 10 s of audio by depth; medians of fresh processes."""
    depths = depths_of(pack)
    measured = {depth: measure([pack], depth=depth)[0] for depth in depths}
    whole = measured[depths[-1]]
    return {
        "parameters": whole.parameters,
        "size_bytes": whole.size_bytes,
        "load_ms": whole.load_ms.median,
        "private_mb": whole.private_mb.median,
        "private_10s_mb": whole.private_10s_mb.median,
        "latency_ms": {
            str(depth): {length: spread.median for length, spread in one.latency_ms.items()}
            for depth, one in measured.items()
        },
        "half_depth_time_share": half_depth_time_share(pack),
    }


def half_depth_time_share(pack: Pack) -> dict[str, dict[str, float]]:
    """Time of half the layers as a share of the time of all, by seconds of audio: median and quartiles.

    Both are measured alternately in one process, so that other load slows both down.
    """
    layers, noise = pack.manifest.layers, np.random.default_rng(0).normal(scale=0.05, size=160_000).astype(np.float32)
    found = {}
    with Recognizer(pack) as recognizer:
        for seconds in LENGTHS_S:
            sound = noise[: seconds * SAMPLE_RATE_HZ]
            shares = [
                _duration_s(recognizer, sound, max(1, layers // 2)) / _duration_s(recognizer, sound, layers)
                for _ in range(TIMED_RUNS)
            ]
            low, median, high = np.quantile(shares, [0.25, 0.5, 0.75]).round(3).tolist()
            found[str(seconds)] = {"median": median, "low": low, "high": high}
    return found


def _duration_s(recognizer: Recognizer, sound: Samples, depth: int) -> float:
    started_s = time.perf_counter()
    recognizer.hear(sound, depth)
    return time.perf_counter() - started_s


BENCHMARKS: dict[str, Benchmark] = {
    "wer": benchmark_wer,
    "phrases": benchmark_phrases,
    "words": benchmark_words,
    "commands": benchmark_commands,
    "noise": benchmark_noise,
    "rejection": benchmark_rejection,
    "near_misses": benchmark_near_misses,
    "cost": benchmark_cost,
}

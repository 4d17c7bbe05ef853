"""Evaluates a pack as it ships, graph and search, on real recordings, and stores the results."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.audio.vad import SpeechDetector
from voiceassist.bench.version import code_version
from voiceassist.config.files import write_atomically
from voiceassist.domain import Interpretation, Recognition, Samples, Verdict
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.recording import recognize_sound
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import write_manifest
from voiceassist.paths import default_paths
from voiceassist.train.data.corpus import data_folder, read_rows
from voiceassist.train.data.store import AudioStore, StoredClip
from voiceassist.train.evaluation.calibration import calibrate
from voiceassist.train.evaluation.phrase_set import cut_phrases, halves, means_the_same
from voiceassist.train.evaluation.rejection import set_thresholds, speech_like
from voiceassist.train.evaluation.wer import edit_distance

log = logging.getLogger(__name__)

COUNTS = (
    "commands", "right", "right_word_for_word", "right_and_acted", "right_and_asked", "wrong_and_acted",
    "others", "others_not_acted", "others_rejected",
)  # fmt: skip
"""``right``: intent and slots equal those of the spoken sentence."""
CALIBRATION_PHRASES = 800
Change = Callable[[Samples, int], Samples]
"""A transformation of a recording's samples, given its number."""


def unchanged(samples: Samples, _: int) -> Samples:
    """The transformation that does nothing."""
    return samples


def depths_of(pack: Pack) -> list[int]:
    """The depths with a training loss; half and full depth where the pack does not name them."""
    layers = pack.manifest.layers
    trained = pack.manifest.provenance.get("ctc_layers") or [max(1, layers // 2)]
    return sorted({*(int(depth) for depth in trained if 1 <= int(depth) <= layers), layers})


def calibrate_pack(pack: Pack, dev: AudioStore, noise: AudioStore, speakers: Mapping[str, str] | None = None) -> Pack:
    """Measures prior, calibration and word error rate on held-out speech and writes them into the manifest.

    The word error rate covers all of the speech. Everything else uses half of the speakers; the other half is kept for
    the benchmarks. Thresholds use training noise, too, because an open microphone hears mostly noise.
    """
    with Recognizer(pack, threads=2) as recognizer:
        own_half, _ = halves(dev.items, speakers or {})
        rates = error_rates(recognizer, dev, depths_of(pack))
        prior = phone_prior(recognizer, dev, own_half)
        phrases = cut_phrases(dev, CALIBRATION_PHRASES, items=own_half)
        calibration, accuracy = calibrate(recognizer, phrases, prior, speech_like(noise))
    metrics = {
        "dev_wer_percent": {str(depth): rate for depth, rate in rates.greedy.items()},
        "dev_written_wer_percent": {str(depth): rate for depth, rate in rates.written.items()},
        "dev_phrases_percent_by_prior_weight": accuracy,
        "dev_phrases": len(phrases) // 2,
        "code": code_version(),
    }
    manifest = replace(
        pack.manifest,
        log_prior=tuple(round(float(value), 4) for value in prior),
        calibration=calibration,
        metrics={**pack.manifest.metrics, **metrics},
    )
    calibrated = set_thresholds(
        write_manifest(pack.folder, manifest), default_paths().default_commands, [(dev, own_half), (noise, noise.items)]
    )
    log.info("%s: %s, %s", pack.name, metrics, calibrated.manifest.calibration)
    return calibrated


class ErrorRates(NamedTuple):
    """Word error rates in percent per depth.

    Attributes:
        greedy: of greedy decoding, without a language model.
        written: of what the program writes, with its letter model.
    """

    greedy: dict[int, float]
    written: dict[int, float]


def error_rates(
    recognizer: Recognizer, dev: AudioStore, depths: Sequence[int], change: Change = unchanged
) -> ErrorRates:
    """Word error rates of free writing."""
    greedy, written, words = dict.fromkeys(depths, 0), dict.fromkeys(depths, 0), 0
    for number, item in enumerate(dev.items):
        sound = change(dev.float_sound(item), number)
        reference = item.text.split()
        words += len(reference)
        for depth in depths:
            pieces = recognizer.hear(sound, depth).pieces
            guess = recognizer.decode(ctc.greedy(pieces, recognizer.blank))
            greedy[depth] += edit_distance(reference, guess.split())
            written[depth] += edit_distance(reference, recognizer.transcribe(pieces).split())
    percents = (
        {depth: round(100 * count / max(1, words), 1) for depth, count in one.items()} for one in (greedy, written)
    )
    return ErrorRates(*percents)


def phone_prior(recognizer: Recognizer, dev: AudioStore, items: Sequence[StoredClip]) -> NDArray[np.float32]:
    """The log of the mean posterior at full depth."""
    total, frames = np.zeros(len(recognizer.pack.manifest.phones)), 0
    for item in items:
        log_probs = recognizer.hear(dev.float_sound(item)).phones
        total += np.exp(log_probs).sum(axis=0)
        frames += len(log_probs)
    return np.log(np.maximum(total / max(1, frames), 1e-5)).astype(np.float32)


def evaluate_commands(
    pack: Pack,
    grammar: Path,
    table: Path,
    origin: str,
    *,
    depth: int | None = None,
    change: Change = unchanged,
) -> dict[str, Any]:
    """Counts correctly recognised commands and rejected other speech.

    Args:
        pack: the model.
        grammar: the command file to recognise with.
        table: ``commands.tsv`` with the columns path, origin, is_command and spoken.
        origin: which recordings, ``human`` or ``synthetic voice``.
        depth: layers to run, all by default.
        change: applied to each recording first.
    """
    rows = [row for row in read_rows(table) if row["origin"] == origin]
    detector = SpeechDetector()
    counts = dict.fromkeys(COUNTS, 0)
    details = []
    with Recognizer(pack) as recognizer:
        pipeline = Pipeline(recognizer, compile_automaton(load_commands([grammar]), recognizer.pronounce))
        for number, row in enumerate(rows):
            sound = change(read_sound(str(table.parent.parent / row["path"])), number)
            result = recognize_sound(pipeline, detector, sound, depth=depth)
            said = " ".join(normalize(row["spoken"]))
            _count(counts, result, meant=pipeline.parse(said).best, is_command=row["is_command"] == "yes")
            details.append({"said": said, **_recognized(result)})
    measured = {"pack": pack.name, "origin": origin, "grammar": grammar.name, "code": code_version()}
    return {**measured, **counts, "recordings": details}


def _recognized(result: Recognition) -> dict[str, Any]:
    return {
        "understood": result.best.text if result.best else "",
        "heard": result.heard,
        "verdict": str(result.decision.verdict),
        "confidence": round(result.best.confidence, 3) if result.best else 0.0,
    }


def _count(counts: dict[str, int], result: Recognition, *, meant: Interpretation | None, is_command: bool) -> None:
    verdict, best = result.decision.verdict, result.best
    if not is_command:
        counts["others"] += 1
        counts["others_not_acted"] += verdict is not Verdict.ACT
        counts["others_rejected"] += verdict is Verdict.REJECT
        return
    right = means_the_same(best, meant)
    counts["commands"] += 1
    counts["right"] += right
    counts["right_word_for_word"] += best is not None and meant is not None and best.text == meant.text
    counts["right_and_acted"] += right and verdict is Verdict.ACT
    counts["right_and_asked"] += right and verdict is Verdict.ASK
    counts["wrong_and_acted"] += not right and verdict is Verdict.ACT


def save_result(result: dict[str, Any], folder: Path, name: str) -> None:
    """Writes a result as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{name}.json", (json.dumps(result, indent=1, ensure_ascii=False) + "\n").encode())


def evaluate_recordings(pack: Pack, grammar: Path, results: Path) -> None:
    """Evaluates the recorded commands, human and synthetic, and stores the results."""
    table = data_folder() / "commands" / "commands.tsv"
    for origin, name in (("human", "human"), ("synthetic voice", "tts")):
        result = evaluate_commands(pack, grammar, table, origin)
        save_result(result, results, f"commands-{name}-{pack.name}")
        log.info("%s", {key: value for key, value in result.items() if key != "recordings"})

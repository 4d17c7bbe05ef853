"""False actions on audio that is no command, against the commands that stricter thresholds lose."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from voiceassist.asr.confidence import threshold_above
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound, trim_to_speech
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ, Addressing, Interpretation, Samples, Verdict
from voiceassist.engine.endpoint import EndpointConfig
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.policy import CLEAR_SPEECH_PROB, decide
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import TextList
from voiceassist.packs.calibration import Calibration, Thresholds
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import write_manifest
from voiceassist.train.data.corpus import read_rows
from voiceassist.train.data.store import AudioStore, StoredClip
from voiceassist.train.evaluation.phrase_set import Phrase, means_the_same

LIST_VALUES = {
    "app": ["firefox", "text editor", "files", "terminal", "calculator", "settings", "music player", "mail"],
    "window": ["letter to ann", "shopping list", "inbox"],
    "folder": ["home", "desktop", "documents", "downloads", "music", "pictures", "videos"],
}
"""Fixed values for lists that the machine fills, so that results do not depend on the machine."""
MAX_ASKS_PER_HOUR = 1.0
"""Questions an hour that audio without commands may cause: half of what is bearable, for an hour is a small sample."""
UNCLEAR_DOUBT = 0.1
"""Doubt that is allowed about what is not clearly speech, of the doubt about the likeliest mistake: there are more
noises than can be recorded: just above those of 27 minutes, the next hour had three more, and with a quarter of the
doubt one laugh. Hardly any speech is unclear, so little doubt costs little."""
WAKE_ACT_SHARE, WAKE_ASK_SHARE = 0.005, 0.02
"""Share of such audio that may be acted upon or asked about after a wake phrase."""
CURVE = np.round(np.concatenate([np.arange(0.3, 0.9, 0.05), np.arange(0.9, 0.99, 0.01), np.arange(0.99, 1, 0.002)]), 3)


@dataclass(frozen=True, slots=True)
class Trials:
    """Confidences on audio without commands, and on commands.

    Attributes:
        negatives: confidence of the best interpretation of each recording without a command.
        negative_hours: total duration of these.
        right: confidence of the correctly recognised commands.
        commands: number of commands.
    """

    negatives: tuple[float, ...]
    negative_hours: float
    right: tuple[float, ...]
    commands: int

    def false_actions_per_hour(self, act_prob: float) -> float:
        """Actions an hour without a command."""
        return sum(value >= act_prob for value in self.negatives) / self.negative_hours

    def lost_percent(self, prob: float) -> float:
        """Share of the correctly recognised commands below a threshold."""
        return 100 * sum(value < prob for value in self.right) / max(1, len(self.right))

    def to_json(self, calibration: Calibration) -> dict[str, Any]:
        """What is lost at the thresholds of a pack, and along the whole curve."""
        return {
            "spoken": self.commands,
            "right": len(self.right),
            "right_but_not_acted_percent": round(self.lost_percent(calibration.act_prob), 1),
            "right_but_rejected_percent": round(self.lost_percent(calibration.ask_prob), 1),
            "curve": [
                {
                    "threshold": float(prob),
                    "false_actions_per_hour": round(self.false_actions_per_hour(prob), 2),
                    "lost_percent": round(self.lost_percent(prob), 1),
                }
                for prob in CURVE
            ],
        }


def default_commands(folder: Path, *more: Path) -> CommandSet:
    """The default commands with `LIST_VALUES` in their lists, and the commands of more files."""
    lists = {name: TextList.of({value: value for value in values}) for name, values in LIST_VALUES.items()}
    return load_commands([*sorted(folder.glob("*.yaml")), *more], lists=lists)


@dataclass(frozen=True, slots=True)
class Heard:
    """What an open microphone makes of a recording.

    Attributes:
        best: the best interpretation regardless of its decision; ``None`` without speech.
        speech_prob: how certain it is that somebody speaks.
    """

    best: Interpretation | None = None
    speech_prob: float = 0.0

    @property
    def confidence(self) -> float:
        """Confidence of the best interpretation."""
        return 0.0 if self.best is None else self.best.confidence

    @property
    def is_clear(self) -> bool:
        """Whether it is clearly speech."""
        return self.speech_prob >= CLEAR_SPEECH_PROB


def heard_openly(pipeline: Pipeline, sounds: Iterable[Samples]) -> Iterator[Heard]:
    """What an open microphone makes of recordings, one after the other."""
    detector, config = SpeechDetector(), EndpointConfig()
    for samples in sounds:
        utterance = trim_to_speech(samples, detector)
        if utterance is None or utterance.speech_prob < config.min_speech_prob:
            yield Heard()
        else:
            found = pipeline.understand(utterance).interpretations
            yield Heard(found[0] if found else None, utterance.speech_prob)


def speech_like(store: AudioStore) -> Iterator[Samples]:
    """The recordings of noise that the speech detector takes for speech, cut as it cuts them."""
    detector = SpeechDetector()
    for item in store.items:
        utterance = trim_to_speech(store.float_sound(item), detector)
        if utterance is not None:
            yield utterance.samples


def set_thresholds(pack: Pack, folder: Path, negatives: Sequence[tuple[AudioStore, Sequence[StoredClip]]]) -> Pack:
    """Raises the thresholds of a calibrated pack until no audio without commands causes an action.

    Args:
        pack: its thresholds were fitted on phrases.
        folder: folder of the default commands.
        negatives: audio without commands: held-out speech, and noise.
    """
    with Recognizer(pack) as recognizer:
        pipeline = Pipeline(recognizer, compile_automaton(default_commands(folder), recognizer.pronounce))
        heard = [one for store, items in negatives for one in _heard(pipeline, store, items)]
    calibration = raised(pack.manifest.calibration, heard, sum(_hours(items) for _, items in negatives))
    return write_manifest(pack.folder, replace(pack.manifest, calibration=calibration))


def raised(calibration: Calibration, heard: Sequence[Heard], hours: float) -> Calibration:
    """The calibration with thresholds above sound without commands.

    An open microphone is trusted no sooner than a held key: what almost is a command is said to both. What is hardly
    speech does not make it deaf to speech: it has a threshold of its own.

    Args:
        calibration: its thresholds were fitted on phrases and near misses.
        heard: what an open microphone makes of the sound.
        hours: its duration.
    """
    held = calibration.thresholds(Addressing.HELD)
    confidences, clear = [one.confidence for one in heard], [one.confidence for one in heard if one.is_clear]
    act_prob = threshold_above(max(calibration.act_prob, held.act_prob), clear)
    least = max(calibration.ask_prob, held.ask_prob)
    ask_prob = min(act_prob, threshold_above(least, clear, int(MAX_ASKS_PER_HOUR * hours)))
    above_all = threshold_above(act_prob, confidences)
    unclear_prob = round(1 - UNCLEAR_DOUBT * (1 - above_all), 4)
    unclear = Thresholds(unclear_prob, unclear_prob)  # never asked about
    calibration = replace(calibration, act_prob=act_prob, ask_prob=ask_prob, unclear=unclear)
    if calibration.wake is not None:
        # those fitted on near misses, raised so far that few false wakes are followed by an action
        shares = [1 - WAKE_ACT_SHARE, 1 - WAKE_ASK_SHARE]
        wake_act, wake_ask = np.quantile(confidences, shares).round(4).tolist()
        wake_act = min(max(calibration.wake.act_prob, wake_act), act_prob)
        wake = Thresholds(wake_act, min(max(calibration.wake.ask_prob, wake_ask), wake_act))
        calibration = replace(calibration, wake=wake)
    return calibration


def measure_rejection(
    pack: Pack,
    folder: Path,
    negatives: Mapping[str, tuple[AudioStore, Sequence[StoredClip]]],
    phrases: Sequence[Phrase],
    data: Path,
    grammar: Path,
) -> dict[str, Any]:
    """Misses against false actions, at the thresholds of the pack and along the whole curve.

    Args:
        pack: the model and its calibration.
        folder: folder of the default commands.
        negatives: audio without commands, by kind.
        phrases: real voices; each phrase becomes a command beside the default ones.
        data: folder with the recorded commands.
        grammar: the grammar of the recorded commands.
    """
    calibration = pack.manifest.calibration
    with Recognizer(pack) as recognizer:
        pipeline = Pipeline(recognizer, compile_automaton(default_commands(folder), recognizer.pronounce))
        heard = {kind: list(_heard(pipeline, store, items)) for kind, (store, items) in negatives.items()}
        positives = {
            "phrases": _phrases_right(recognizer, folder, phrases),
            "commands_human": _commands_right(recognizer, data, grammar),
        }
    hours = sum(_hours(items) for _, items in negatives.values())
    confidences = tuple(one.confidence for of_kind in heard.values() for one in of_kind if one.is_clear)
    verdicts = {
        kind: Counter(decide(one.best, calibration, Addressing.OPEN, one.speech_prob).verdict for one in of_kind)
        for kind, of_kind in heard.items()
    }
    found: dict[str, Any] = {
        "commands": "default set",
        "hours": {kind: round(_hours(items), 3) for kind, (_, items) in negatives.items()},
        "act_prob": calibration.act_prob,
        "ask_prob": calibration.ask_prob,
        "unclear_act_prob": calibration.thresholds(Addressing.OPEN, clear=False).act_prob,
        "false_actions": {kind: counted[Verdict.ACT] for kind, counted in verdicts.items()},
        "asked": {kind: counted[Verdict.ASK] for kind, counted in verdicts.items()},
    }
    for name, (right, count) in positives.items():
        found[name] = Trials(confidences, hours, right, count).to_json(calibration)
    found["false_actions_per_hour"] = round(sum(found["false_actions"].values()) / hours, 2)
    return found


def _heard(pipeline: Pipeline, store: AudioStore, items: Iterable[StoredClip]) -> Iterator[Heard]:
    return heard_openly(pipeline, (store.float_sound(item) for item in items))


def _phrases_right(recognizer: Recognizer, folder: Path, phrases: Sequence[Phrase]) -> tuple[tuple[float, ...], int]:
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "phrases.yaml"
        file.write_text(yaml.safe_dump({"intents": {"Phrase": [phrase.text for phrase in phrases]}}), encoding="utf-8")
        automaton = compile_automaton(default_commands(folder, file), recognizer.pronounce)
    found = heard_openly(Pipeline(recognizer, automaton), (phrase.samples for phrase in phrases))
    right = [
        one.confidence for one, phrase in zip(found, phrases, strict=True) if one.best and one.best.text == phrase.text
    ]
    return tuple(right), len(phrases)


def _commands_right(recognizer: Recognizer, data: Path, grammar: Path) -> tuple[tuple[float, ...], int]:
    table = data / "commands" / "commands.tsv"
    rows = [row for row in read_rows(table) if row["origin"] == "human" and row["is_command"] == "yes"]
    pipeline = Pipeline(recognizer, compile_automaton(load_commands([grammar]), recognizer.pronounce))
    found, right = heard_openly(pipeline, (read_sound(str(data / row["path"])) for row in rows)), []
    for row, one in zip(rows, found, strict=True):
        meant = pipeline.parse(" ".join(normalize(row["spoken"]))).best
        if one.best and means_the_same(one.best, meant):
            right.append(one.confidence)
    return tuple(right), len(rows)


def _hours(items: Iterable[StoredClip]) -> float:
    return sum(item.samples for item in items) / SAMPLE_RATE_HZ / 3600

"""Near misses of the default commands in synthetic voices, with the right sentences that they neighbour.

The speakers of real recordings never said the default commands with one word turned round; synthetic voices do.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import Samples, Verdict
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.recording import recognize_sound
from voiceassist.errors import DataError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.train.evaluation.phrase_set import means_the_same

RIGHT = "right"
SENTENCES: Mapping[str, Sequence[str]] = {
    RIGHT: (
        "set a timer for ten minutes", "set the volume to sixty percent", "turn the volume up", "mute the sound",
        "what time is it", "cancel the timer", "pause the music", "next song", "open firefox", "take a screenshot",
        "set the brightness to forty percent", "lock the screen",
    ),
    "negation": (
        "don't set a timer for ten minutes", "do not set the volume to sixty percent", "never turn the volume up",
        "don't mute the sound", "not pause the music", "don't open firefox", "do not lock the screen",
        "cancel the timer no", "take a screenshot no cancel that",
    ),
    "correction": (
        "set a timer for ten minutes not five", "set the volume to sixty percent no forty", "next song no previous",
        "open firefox no the terminal",
    ),
    "by": ("turn the volume up by five hundred", "set the volume by sixty percent", "set a timer by ten minutes"),
    "out of range": ("set the volume to two hundred percent", "set the brightness to three hundred percent"),
    "two values": ("set the volume to sixty forty percent", "set a timer for ten twenty minutes"),
    "word before": (
        "who set the volume to sixty percent", "yesterday i paused the music", "she said open firefox",
        "he asked what time is it in london", "why mute the sound",
    ),
    "word after": (
        "cancel the timer of my sister", "pause the music industry", "open firefox books", "lock the screen door",
        "mute the sound engineer", "next song festival",
    ),
}  # fmt: skip
"""Sentences by kind; all but the first kind are near misses."""
VOICES = (
    ("espeak-ng", "-s", "150", "-v", "en-us"), ("espeak-ng", "-s", "150", "-v", "en-gb"),
    ("espeak-ng", "-s", "150", "-v", "en-us+f3"), ("flite", "-voice", "slt"), ("flite", "-voice", "rms"),
)  # fmt: skip


def measure_synthetic_near_misses(recognizer: Recognizer, commands: CommandSet) -> dict[str, Any]:
    """What would be done about each sentence with a held key: counts by kind, and the sentences acted on wrongly.

    Raises:
        DataError: espeak-ng or flite is not installed.
    """
    for program in {voice[0] for voice in VOICES}:
        if shutil.which(program) is None:
            raise DataError(f"{program} is not installed", hint=f"install the package {program}")
    pipeline = Pipeline(recognizer, compile_automaton(commands, recognizer.pronounce))
    detector = SpeechDetector()
    found: dict[str, Any] = {"voices": len(VOICES)}
    wrong: list[dict[str, str]] = []
    for kind, texts in SENTENCES.items():
        counts = found[kind] = {"spoken": 0, "acted": 0, "asked": 0}
        for text in texts:
            meant = pipeline.parse(text).best if kind == RIGHT else None
            for voice in VOICES:
                heard = recognize_sound(pipeline, detector, speak(voice, text))
                verdict = heard.decision.verdict
                counts["spoken"] += 1
                counts["asked"] += verdict is Verdict.ASK
                if verdict is Verdict.ACT:
                    right = means_the_same(heard.best, meant)
                    counts["acted"] += right or kind != RIGHT
                    if not right:
                        wrong.append({"said": text, "voice": voice[-1], "done": heard.text})
    near = [counts for kind, counts in found.items() if kind in SENTENCES and kind != RIGHT]
    found["near_misses_acted_percent"] = round(
        100 * sum(one["acted"] for one in near) / sum(one["spoken"] for one in near), 1
    )
    found["wrong"] = wrong
    return found


def speak(voice: Sequence[str], text: str) -> Samples:
    """Speech at 16 kHz ``(samples,)`` from a synthesiser, given its program and options."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        output = ("-w", str(wav), text) if voice[0] == "espeak-ng" else ("-t", text, "-o", str(wav))
        subprocess.run([*voice, *output], check=True, capture_output=True, timeout=60)
        return read_sound(str(wav))

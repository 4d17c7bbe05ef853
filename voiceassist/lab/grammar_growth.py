"""Growth of compile time, search time and memory with the size of the grammar.

Each size is measured in a fresh process: random phrases of two to five English words, and every built-in list. Times
are processor times of one thread, so that other load matters little.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil

from voiceassist.asr import ctc
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import Posteriors, Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.bench.memory import private_bytes
from voiceassist.bench.version import code_version
from voiceassist.config.files import write_atomically
from voiceassist.grammar.compiler.automaton import Automaton, Compiler, compile_automaton
from voiceassist.grammar.compiler.compiled_store import CompiledStore
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList, builtin_lists
from voiceassist.packs.pack import open_pack
from voiceassist.paths import default_paths
from voiceassist.train.evaluation.curve import svg_of

Result = TypeVar("Result")

SIZES = (10, 100, 1_000, 10_000, 100_000)
DEFAULT_SET = 0
"""The size that stands for the default commands."""
FRAMES = 75
"""Three seconds."""
_DECODES = 25
_FILE_PHRASES = 20_000
"""Phrases in one command file, whose size is limited."""
_FOLDERS = ("home", "desktop", "documents", "downloads", "music", "pictures", "videos")
_APPLICATIONS = (
    "firefox", "text editor", "terminal", "files", "calculator", "office writer", "office calc", "image viewer",
    "music player", "mail", "calendar", "settings", "system monitor", "software", "camera", "maps", "weather", "clocks",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the command."""
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of phrases")
    parser.add_argument("--text", type=Path, help="take the words of this text instead of 2,000 frequent ones")
    parser.add_argument("--model", type=Path, help="folder of a pack (default: the first that ships)")
    parser.add_argument("--out", type=Path, help="store the results in this file, too")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="plot the growth")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> None:
    """Measures all sizes, prints a JSON object for each and stores the results."""
    if options.one is not None:
        print(json.dumps(measure(options.one, options)))  # noqa: T201 - read by the parent process
        return
    results = []
    for size in (DEFAULT_SET, *options.sizes):
        passed = [f"--{name}={value}" for name in ("text", "model") if (value := getattr(options, name)) is not None]
        command = [sys.executable, "-m", "voiceassist.lab", "grammar-growth", f"--one={size}", *passed]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, Any] = json.loads(done.stdout)
        results.append(found)
        print(json.dumps(results[-1]), flush=True)  # noqa: T201 - the output of the command
    if options.out is not None:
        others = {"code": code_version(), "load_average": round(psutil.getloadavg()[0], 1)}
        stored = json.dumps({**others, "sizes": results}, indent=1)
        write_atomically(options.out, f"{stored}\n".encode())
    if options.plot is not None:
        write_atomically(options.plot, plot([row for row in results if row["phrases"]]))


def plot(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """An SVG plot of time and memory over the number of phrases, with logarithmic axes."""
    from matplotlib.figure import Figure  # only plots need it

    figure = Figure(figsize=(7.5, 4.2), layout="constrained")
    axes = figure.subplots()
    phrases = [row["phrases"] for row in rows]
    for label, marker, values in (
        ("load and compile, s", "o", [row["load_s"] + row["compile_s"] for row in rows]),
        ("decode 3 s of sound, ms", "s", [row["decode_3s_ms"] for row in rows]),
        ("private memory, MB", "^", [row["private_mb"] for row in rows]),
    ):
        axes.loglog(phrases, values, marker=marker, label=label)
    axes.set_xlabel("phrases, and all built-in lists")
    axes.grid(visible=True, color="#d4d4d8", linewidth=0.6)
    axes.legend(frameon=False)
    return svg_of(figure)


def measure(phrases: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measures a grammar of so many phrases in this process."""
    pack = options.model or next(path.parent for path in sorted(default_paths().shipped_models.glob("*/manifest.json")))
    with tempfile.TemporaryDirectory() as folder, Recognizer(open_pack(pack)) as recognizer:
        files = _files(phrases, options.text, Path(folder))
        lists = {"app": TextList.of({name: name for name in _APPLICATIONS})}
        lists |= {"window": lists["app"], "folder": TextList.of({name: name for name in _FOLDERS})}
        utterances = _utterances(recognizer)
        before, peak_before = private_bytes(), _peak_bytes()
        compiler = Compiler(recognizer.pronounce)
        load_s, commands = _timed(lambda: load_commands(files, lists=lists))
        compile_s, automaton = _timed(lambda: compiler.compile(commands))
        decodes = _decode_times_ms(utterances, automaton, recognizer)
        peak_mb = (_peak_bytes() - peak_before) / 1e6
        private_mb = (private_bytes() - before) / 1e6
        files[0].write_text(f"{files[0].read_text(encoding='utf-8')}    - one more of them\n", encoding="utf-8")
        reload_s, changed = _timed(lambda: load_commands(files, lists=lists))
        recompile_s, _ = _timed(lambda: compiler.compile(changed))
        store = CompiledStore(Path(folder) / "store")
        compile_automaton(changed, recognizer.pronounce, store=store)
        from_store_s, _ = _timed(lambda: compile_automaton(changed, recognizer.pronounce, store=store))
    names = ("load_s", "compile_s", "load_again_s", "compile_again_s", "from_store_s")
    times = zip(names, (load_s, compile_s, reload_s, recompile_s, from_store_s), strict=True)
    return {
        "phrases": phrases,
        "states": automaton.states,
        **{name: round(seconds, 3) for name, seconds in times},
        "decode_3s_ms": round(statistics.median(decodes), 2),
        "decode_3s_ms_slowest": round(max(decodes), 2),
        "private_mb": round(private_mb, 1),
        "peak_mb": round(peak_mb, 1),
    }


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def random_phrases(count: int, words: Sequence[str], seed: int = 0) -> list[str]:
    """Phrases of two to five words; the same seed gives the same ones."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    return [" ".join(rng.choice(words) for _ in range(rng.randint(2, 5))) for _ in range(count)]


def _files(phrases: int, text: Path | None, folder: Path) -> list[Path]:
    if phrases == DEFAULT_SET:
        file = folder / "commands.yaml"
        file.write_text("intents:\n  Phrase:\n    - never mind that\n", encoding="utf-8")
        return [file, *sorted(default_paths().default_commands.glob("*.yaml"))]
    sentences = [f"use the list '{name}' with {{{name}}} now" for name in builtin_lists()]
    source = resources.files("voiceassist.lab") / "words.txt" if text is None else text
    sentences += random_phrases(
        phrases, sorted(set(re.findall(r"[a-z]{3,}", source.read_text(encoding="utf-8").lower())))
    )
    files = [folder / f"{begin}.yaml" for begin in range(0, len(sentences), _FILE_PHRASES)]
    for number, file in enumerate(files):
        some = sentences[number * _FILE_PHRASES : (number + 1) * _FILE_PHRASES]
        lines = "".join(f"    - {sentence}\n" for sentence in some)
        file.write_text(f"intents:\n  Phrase:\n{lines}", encoding="utf-8")
    return files


def _utterances(recognizer: Recognizer) -> list[Posteriors]:
    """The samples that ship, each as three seconds: 75 frames."""
    sounds = (path for path in sorted(default_paths().samples.iterdir()) if path.suffix in {".wav", ".flac", ".ogg"})
    posteriors = [recognizer.hear(read_sound(str(path))) for path in sounds]
    return [Posteriors(*(np.resize(one, (FRAMES, one.shape[1])) for one in both)) for both in posteriors]


def _decode_times_ms(utterances: Sequence[Posteriors], automaton: Automaton, recognizer: Recognizer) -> list[float]:
    manifest = recognizer.pack.manifest
    ranking, prior = Ranking(recognizer, manifest.calibration), np.array(manifest.log_prior, np.float32)
    times = []
    for number in range(_DECODES + 1):
        posteriors = utterances[number % len(utterances)]
        scores = ctc.adjust(posteriors.phones, prior, manifest.calibration.prior_weight)
        seconds, _ = _timed(partial(ranking.interpretations, posteriors, scores, automaton))
        times.append(seconds * 1000)
    return times[1:]  # the first search fills the caches of the automaton

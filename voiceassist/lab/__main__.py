"""``python -m voiceassist.lab NAME``: measurements for developers. Each prints JSON or writes it with ``--out``.

latency FOLDER        recordings through a virtual microphone: from the last word to the action
false-accepts         an hour of mixed audio: false accepts, processor time, memory
day FOLDER            24 hours in a quiet room with a command every ten minutes
capture-timing        the capture callback in real time, and the cost of listening meanwhile
same-sound FOLDER     recordings played many times: the same decision and confidence each time, and that of the file
kill-rounds           a process that writes is killed two hundred times: nothing acknowledged is lost
soak FOLDER           ten thousand recognitions in one process: growth of memory and time
spoken-tests FOLDER   tests of the command files in a folder, typed and spoken by synthetic voices
grammar-growth        compile time, search time and memory by number of phrases
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from voiceassist.audio.files import read_sound
from voiceassist.bench.version import code_version
from voiceassist.config.files import write_atomically
from voiceassist.engine.activation import ListenMode
from voiceassist.errors import UsageError, VoiceAssistError
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList
from voiceassist.lab import grammar_growth
from voiceassist.lab.capture_timing import measure_capture_timing
from voiceassist.lab.false_accepts import measure_false_accepts, mixed_sound, simulated_day
from voiceassist.lab.kill_rounds import kill_rounds
from voiceassist.lab.latency import Response, measure_latency
from voiceassist.lab.listening import pipeline_of
from voiceassist.lab.repeatability import measure_repeatability
from voiceassist.lab.soak import measure_soak, slope
from voiceassist.lab.sound_server import SoundServer
from voiceassist.lab.spoken_tests import measure_spoken_tests
from voiceassist.packs.pack import open_pack

_LISTS = {
    "app": ("firefox", "terminal", "calculator", "files"),
    "window": ("firefox", "terminal"),
    "folder": ("documents", "downloads", "pictures"),
}
_DAY_FIGURES = (
    "seconds", "processor_percent", "answers", "private_mb", "private_mb_per_hour", "descriptors", "threads",
)  # fmt: skip
_WARM_UP_HOURS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one measurement; returns 0, or 1 after an error."""
    options = command_line().parse_args(arguments)
    try:
        if options.name == "grammar-growth":
            grammar_growth.run(options)
        else:
            result = options.measure(options)
            # processors and load of the machine are the context of all times
            load = {"processors": os.cpu_count(), "load_average": [round(value, 1) for value in os.getloadavg()]}
            row = {"measured": options.name, "code": code_version(), "pack": options.model.name, **load, **result}
            text = json.dumps(row, indent=1, ensure_ascii=False) + "\n"
            if options.out is None:
                sys.stdout.write(text)
            else:
                write_atomically(options.out, text.encode())
    except VoiceAssistError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return 1
    return 0


def run_latency(options: argparse.Namespace) -> dict[str, Any]:
    """Latency from the last word to the action."""
    recordings = sorted(path for path in options.folder.iterdir() if path.suffix in (".opus", ".wav", ".flac"))

    def print_response(response: Response) -> None:
        _print(f"{response.recording}: {response.text} ({response.verdict}, {response.response_ms} ms)")

    return measure_latency(open_pack(options.model), options.grammar, recordings, progress=print_response)


def _print(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _print_minutes(heard_s: float) -> None:
    _print(f"{heard_s / 60:.0f} minutes done")


def run_false_accepts(options: argparse.Namespace) -> dict[str, Any]:
    """False accepts in mixed audio."""
    duration_s = 3600 * options.hours
    counts = measure_false_accepts(
        open_pack(options.model),
        _commands(options.grammar),
        ListenMode(options.mode),
        mixed_sound(options.data, duration_s),
        progress=_print_minutes,
    )
    return {"mode": options.mode, "hours": options.hours, **counts.to_json()}


def run_day(options: argparse.Namespace) -> dict[str, Any]:
    """A quiet room with a command every ten minutes."""
    commands = [(path.stem, read_sound(path)) for path in _recordings(options.folder)]
    process, used = psutil.Process(), list[tuple[int, int]]()

    def progress(heard_s: float) -> None:
        _print_minutes(heard_s)
        used.append((process.num_fds(), process.num_threads()))

    counts = measure_false_accepts(
        open_pack(options.model),
        _commands(options.grammar),
        ListenMode.OPEN,
        simulated_day(commands, 3600 * options.hours),
        every_s=3600,
        progress=progress,
    )
    figures = counts.to_json()
    steady_mb = list(enumerate(figures["private_mb"]))[_WARM_UP_HOURS:]
    if len(steady_mb) > 2:
        hours, values = zip(*steady_mb, strict=True)
        figures["private_mb_per_hour"] = slope([1000 * hour for hour in hours], values)
    for name, column in zip(("descriptors", "threads"), zip(*used, strict=True), strict=False):
        figures[name] = [min(column), max(column)]
    return {"hours": options.hours, **{key: figures[key] for key in _DAY_FIGURES if key in figures}}


def _recordings(folder: Path) -> list[Path]:
    """The recordings of a folder.

    Raises:
        UsageError: there are none.
    """
    found = sorted(folder.glob("*.opus"))
    if not found:
        raise UsageError(f"there are no recordings (.opus) in {folder}", hint="name the folder that they lie in")
    return found


def run_capture_timing(options: argparse.Namespace) -> dict[str, Any]:
    """The capture callback in real time."""
    recordings = sorted(options.folder.glob("*.opus")) if options.folder else []
    with SoundServer() as server, server.in_force():

        def play(over: threading.Event) -> None:
            while recordings and not over.is_set():
                for recording in recordings:
                    if over.is_set():
                        break
                    server.play(recording)

        pipeline = pipeline_of(open_pack(options.model), _commands(options.grammar))
        timing = measure_capture_timing(pipeline, 60 * options.minutes, meanwhile=play)
        return {"sound": "speech" if recordings else "silence", **timing}


def run_soak(options: argparse.Namespace) -> dict[str, Any]:
    """Growth of memory and time."""
    recordings = [read_sound(path) for path in _recordings(options.folder)]
    with pipeline_of(open_pack(options.model), _commands(options.grammar)) as pipeline:
        return measure_soak(
            pipeline, recordings, options.recognitions, lambda done: None if done % 1000 else _print(f"{done} done")
        )


def run_same_sound(options: argparse.Namespace) -> dict[str, Any]:
    """Recordings played many times."""
    recordings = _recordings(options.folder)[:: options.every][: options.count]
    return measure_repeatability(
        open_pack(options.model),
        _commands(options.grammar),
        recordings,
        options.plays,
        ListenMode(options.mode),
        progress=lambda one: _print(f"{one.recording} {one.confidence} {one.confidences}"),
    )


def run_spoken_tests(options: argparse.Namespace) -> dict[str, Any]:
    """Tests of command files, typed and spoken."""
    pack = open_pack(options.model)
    return measure_spoken_tests(pack, options.folder, options.tests, options.count, _print)


def run_kill_rounds(options: argparse.Namespace) -> dict[str, Any]:
    """A process that writes is killed again and again."""
    with tempfile.TemporaryDirectory() as folder:
        return kill_rounds(Path(folder), options.model, options.rounds)


def _commands(grammar: Path | None) -> CommandSet:
    """The given commands or the default ones, with fixed values in lists that the machine fills."""
    files = [grammar] if grammar else sorted((Path(__file__).parents[2] / "assets" / "commands").glob("*.yaml"))
    lists = {name: TextList.of([(value, value) for value in values]) for name, values in _LISTS.items()}
    return load_commands(files, lists=lists)


FOLDER = {"type": Path, "help": "recordings of commands"}
MEASUREMENTS: Mapping[str, tuple[Callable[[argparse.Namespace], dict[str, Any]], Mapping[str, Mapping[str, Any]]]] = {
    "spoken-tests": (
        run_spoken_tests,
        {
            "folder": {"type": Path, "help": "folder of command files"},
            "--tests": {"type": Path, "required": True, "help": "test file"},
            "--count": {"type": int, "default": 40, "help": "sentences to speak"},
        },
    ),
    "latency": (run_latency, {"folder": FOLDER}),
    "false-accepts": (
        run_false_accepts,
        {
            "--data": {"type": Path, "required": True, "help": "folder with speech/dev.tsv and noise/noise.tsv"},
            "--mode": {"choices": [ListenMode.WAKE.value, ListenMode.OPEN.value], "default": "wake"},
            "--hours": {"type": float, "default": 1.0},
        },
    ),
    "day": (run_day, {"folder": FOLDER, "--hours": {"type": float, "default": 24.0}}),
    "capture-timing": (
        run_capture_timing,
        {
            "folder": {"type": Path, "nargs": "?", "help": "recordings to play meanwhile (default: silence)"},
            "--minutes": {"type": float, "default": 10.0},
        },
    ),
    "same-sound": (
        run_same_sound,
        {
            "folder": FOLDER,
            "--plays": {"type": int, "default": 10},
            "--count": {"type": int, "default": 10, "help": "recordings"},
            "--every": {"type": int, "default": 1, "help": "take each of so many"},
            "--mode": {"choices": [ListenMode.PUSH.value, ListenMode.OPEN.value], "default": "push"},
        },
    ),
    "kill-rounds": (run_kill_rounds, {"--rounds": {"type": int, "default": 200}}),
    "soak": (run_soak, {"folder": FOLDER, "--recognitions": {"type": int, "default": 10_000}}),
}
"""Each measurement with its own arguments."""


def command_line() -> argparse.ArgumentParser:
    """The parser of all measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m voiceassist.lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--model", type=Path, required=True, metavar="PACK", help="folder of a model pack")
    common.add_argument("--grammar", type=Path, help="command file (default: the default commands)")
    common.add_argument("--out", type=Path, help="write the result to this file")
    names = parser.add_subparsers(dest="name", required=True)
    for name, (measure, arguments) in MEASUREMENTS.items():
        command = names.add_parser(name, parents=[common])
        command.set_defaults(measure=measure)
        for flag, settings in arguments.items():
            command.add_argument(flag, **settings)
    grammar_growth.add_arguments(names.add_parser("grammar-growth"))
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""``python -m voiceassist.lab.listening``: how well, how fast and at what cost the ears work. One JSON object each.

response FOLDER   recordings through a virtual microphone: from the last word to the deed
always            an hour of mixed sound: mistakes, processor time, memory
day               24 hours in a quiet room, a command every ten minutes
soak              the sound card's callback at real pace, and what listening costs meanwhile
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.bench.version import code_version
from voiceassist.engine.activation import ListenMode
from voiceassist.engine.pipeline import Pipeline
from voiceassist.errors import VoiceAssistError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList
from voiceassist.lab.capture_timing import soak
from voiceassist.lab.false_accepts import a_day, listen_for_hours, mixed_sound
from voiceassist.lab.latency import Response, measure_response
from voiceassist.lab.sound_server import SoundServer
from voiceassist.packs.pack import open_pack

_LISTS = {
    "app": ("firefox", "terminal", "calculator", "files"),
    "window": ("firefox", "terminal"),
    "folder": ("documents", "downloads", "pictures"),
}


_DAY_FIGURES = ("seconds", "processor_percent", "answers", "private_mb")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one thing and print it, or write it with ``--out``."""
    options = _parser().parse_args(arguments)
    try:
        result = options.measure(options)
    except VoiceAssistError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return 1
    told = {"measured": options.what, "code": code_version(), "pack": options.model.name, **_load(), **result}
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _load() -> dict[str, Any]:
    """How busy the machine is with other things: times are to be read with it."""
    return {"processors": os.cpu_count(), "load_average": [round(value, 1) for value in os.getloadavg()]}


def _response(options: argparse.Namespace) -> dict[str, Any]:
    recordings = sorted(path for path in options.folder.iterdir() if path.suffix in (".opus", ".wav", ".flac"))
    return measure_response(open_pack(options.model), options.grammar, recordings, progress=_tell)


def _tell(response: Response) -> None:
    sys.stderr.write(f"{response.recording}: {response.text} ({response.verdict}, {response.response_ms} ms)\n")


def _tell_time(heard_s: float) -> None:
    sys.stderr.write(f"{heard_s / 60:.0f} minutes heard\n")


def _always(options: argparse.Namespace) -> dict[str, Any]:
    duration_s = 3600 * options.hours
    ledger = listen_for_hours(
        open_pack(options.model),
        _commands(options.grammar),
        ListenMode(options.mode),
        mixed_sound(options.data, duration_s),
        progress=_tell_time,
    )
    return {"mode": options.mode, "hours": options.hours, **ledger.to_json()}


def _day(options: argparse.Namespace) -> dict[str, Any]:
    recordings = sorted(options.folder.glob("*.opus"))
    commands = [(path.stem, read_sound(path)) for path in recordings]
    ledger = listen_for_hours(
        open_pack(options.model),
        _commands(options.grammar),
        ListenMode.OPEN,
        a_day(commands, 3600 * options.hours),
        every_s=3600,
        progress=_tell_time,
    )
    told = ledger.to_json()
    return {"hours": options.hours, **{key: told[key] for key in _DAY_FIGURES}}


def _soak(options: argparse.Namespace) -> dict[str, Any]:
    recordings = sorted(options.folder.glob("*.opus")) if options.folder else []
    with SoundServer() as server, server.in_force():

        def play(over: threading.Event) -> None:
            while recordings and not over.is_set():
                for recording in recordings:
                    if over.is_set():
                        break
                    server.play(recording)

        recognizer = Recognizer(open_pack(options.model))
        pipeline = Pipeline(recognizer, compile_automaton(_commands(options.grammar), recognizer.pronounce))
        return {"sound": "speech" if recordings else "silence", **soak(pipeline, 60 * options.minutes, meanwhile=play)}


def _commands(grammar: Path | None) -> CommandSet:
    """The given commands, else those that come with the program, with a few names in the machine's own lists."""
    files = [grammar] if grammar else sorted((Path(__file__).parents[2] / "assets" / "commands").glob("*.yaml"))
    lists = {name: TextList.of([(value, value) for value in values]) for name, values in _LISTS.items()}
    return load_commands(files, lists=lists)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m voiceassist.lab.listening",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--model", type=Path, required=True, metavar="PACK", help="folder of a model pack")
    common.add_argument("--grammar", type=Path, help="command file (default: the program's own)")
    common.add_argument("--out", type=Path, help="write the result here")
    kinds = parser.add_subparsers(dest="what", required=True)
    response = kinds.add_parser("response", parents=[common])
    response.add_argument("folder", type=Path)
    response.set_defaults(measure=_response)
    always = kinds.add_parser("always", parents=[common])
    always.add_argument("--data", type=Path, required=True, help="folder with speech/dev.tsv and noise/noise.tsv")
    always.add_argument("--mode", choices=[ListenMode.WAKE.value, ListenMode.OPEN.value], default="wake")
    always.add_argument("--hours", type=float, default=1.0)
    always.set_defaults(measure=_always)
    day = kinds.add_parser("day", parents=[common])
    day.add_argument("folder", type=Path, help="recordings of commands")
    day.add_argument("--hours", type=float, default=24.0)
    day.set_defaults(measure=_day)
    soaking = kinds.add_parser("soak", parents=[common])
    soaking.add_argument("folder", type=Path, nargs="?", help="recordings to play meanwhile (default: silence)")
    soaking.add_argument("--minutes", type=float, default=10.0)
    soaking.set_defaults(measure=_soak)
    return parser


if __name__ == "__main__":
    sys.exit(main())

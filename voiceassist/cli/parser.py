"""What can be typed after ``voiceassist``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from voiceassist import __version__


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. Each command's module is imported only when that command runs."""
    parser = argparse.ArgumentParser(
        prog="voiceassist", description="Spoken commands on the laptop itself, offline.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"voiceassist {__version__}")
    parser.add_argument("--verbose", action="store_true", help="say what happens inside, on standard error")
    parser.add_argument("--hidden", action="store_true", help="start in the tray instead of opening the window")
    parser.add_argument("--smoke-test", action="store_true", help="open the window, recognise a sample and leave")
    parser.set_defaults(run=_later("window", "open_window"))
    commands = parser.add_subparsers(metavar="COMMAND")
    _add_recognize(commands)
    _add_parse(commands)
    _add_listen(commands)
    devices = commands.add_parser("devices", help="list the microphones")
    devices.add_argument("--json", action="store_true")
    devices.set_defaults(run=_later("listen", "show_devices"))
    _add_commands(commands)
    _add_models(commands)
    _add_bench(commands)
    return parser


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command, imported when it is called: a command pays only for what it needs."""

    def run(options: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"voiceassist.cli.{module}"), function)(options)
        return status

    return run


class _CommandFiles(argparse.Action):
    """``--commands a.yaml b.yaml x.wav y.wav``: what is no YAML file already belongs to what follows."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: object = None) -> None:
        files = [value for value in values if value.lower().endswith((".yaml", ".yml"))]
        others = [value for value in values if value not in files]
        if not files or (others and not hasattr(namespace, "rest")):
            raise argparse.ArgumentError(self, f"{others[0]!r} is no YAML file")
        namespace.commands = [*(namespace.commands or []), *map(Path, files)]
        if others:
            namespace.rest = [*namespace.rest, *others]


class _Rest(argparse.Action):
    """What is to be understood: recordings or words."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: object = None) -> None:
        namespace.rest = [*namespace.rest, *values]


def _add_grammar_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--commands",
        nargs="+",
        action=_CommandFiles,
        metavar="FILE.yaml",
        help="use these instead of the default commands",
    )
    parser.add_argument(
        "--model", metavar="PACK", help="name or folder of a model pack (default: that of the settings)"
    )


def _add_rest(parser: argparse.ArgumentParser, metavar: str, help_text: str) -> None:
    parser.add_argument("rest", nargs="*", action=_Rest, metavar=metavar, help=help_text)
    parser.set_defaults(rest=[])


def _needing_rest(
    parser: argparse.ArgumentParser, metavar: str, run: Callable[[argparse.Namespace], int]
) -> Callable[[argparse.Namespace], int]:
    def checked(options: argparse.Namespace) -> int:
        if not options.rest:
            parser.error(f"{metavar} is missing")
        return run(options)

    return checked


def _add_depth(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--depth", type=_positive, metavar="N", help="turns of the encoder (default: all)")


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return number


def _add_recognize(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    recognize = commands.add_parser("recognize", help="understand recordings; one JSON object a line")
    _add_rest(recognize, "FILE", "WAV, FLAC or OGG/Opus; - reads WAV from standard input")
    _add_grammar_options(recognize)
    _add_depth(recognize)
    recognize.add_argument("--act", action="store_true", help="do what was said")
    recognize.set_defaults(run=_needing_rest(recognize, "FILE", _later("recognize", "recognize")))


def _add_parse(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parse = commands.add_parser("parse", help="understand typed text")
    _add_rest(parse, "TEXT", "what could be said")
    _add_grammar_options(parse)
    parse.add_argument("--act", action="store_true", help="do what was typed")
    parse.set_defaults(run=_needing_rest(parse, "TEXT", _later("recognize", "parse")))


def _add_listen(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listen = commands.add_parser("listen", help="understand the microphone until interrupted; one JSON object a line")
    listen.add_argument(
        "--device", metavar="NAME", help="microphone, or part of its name (default: that of the settings)"
    )
    listen.add_argument("--dry-run", action="store_true", help="only say what would be done")
    _add_grammar_options(listen)
    listen.set_defaults(run=_later("listen", "listen"))


def _add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("commands", help="work with command files").add_subparsers(
        required=True, metavar="COMMAND"
    )
    check = group.add_parser("check", help="say whether command files are right, and if not where")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(run=_later("commands", "check"))


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("models", help="work with model packs").add_subparsers(required=True, metavar="COMMAND")
    listing = group.add_parser("list", help="the installed packs")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_later("models", "list_packs"))
    install = group.add_parser("install", help="install a .vapack file")
    install.add_argument("file", type=Path)
    install.set_defaults(run=_later("models", "install"))
    remove = group.add_parser("remove", help="remove an installed pack")
    remove.add_argument("name")
    remove.set_defaults(run=_later("models", "remove"))


def _add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bench = commands.add_parser("bench", help="measure the packs on this machine, in fresh processes")
    bench.add_argument("packs", nargs="*", metavar="PACK", help="names or folders (default: all installed)")
    bench.add_argument("--json", action="store_true")
    bench.add_argument("--repeats", type=_positive, default=5, help="fresh processes a pack (default: %(default)s)")
    bench.set_defaults(run=_later("models", "bench"))
    probe = commands.add_parser("_probe")  # one measurement in this process; bench starts it
    probe.add_argument("rest", nargs="*")
    probe.set_defaults(run=_later("models", "probe"))

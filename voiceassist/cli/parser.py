"""The argument parser of ``voiceassist``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voiceassist import __version__
from voiceassist.cli.commands.parser import add_commands
from voiceassist.cli.options import add_grammar_options, add_model_option, later, positive

_REQUESTS = {
    "toggle": "listen for a command; again: end it now",
    "hold": "listen until --release",
    "release": "end what --hold began",
    "cancel": "drop what is being said",
    "show": "show the window",
    "quit": "end the program",
}


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. Each command's module is imported only when that command runs."""
    parser = argparse.ArgumentParser(
        prog="voiceassist", description="Spoken commands on the laptop itself, offline.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"voiceassist {__version__}")
    parser.add_argument("--verbose", action="store_true", help="say what happens inside, on standard error")
    parser.add_argument("--hidden", action="store_true", help="start in the tray instead of opening the window")
    parser.add_argument("--smoke-test", action="store_true", help="open the window, recognise a sample and leave")
    group = parser.add_argument_group("the running voiceassist, for key bindings").add_mutually_exclusive_group()
    for verb, help_text in _REQUESTS.items():
        group.add_argument(f"--{verb}", dest="remote", nargs=0, const=verb, action=_Request, help=help_text)
    parser.set_defaults(run=later("start", "start"), remote=None)
    commands = parser.add_subparsers(metavar="COMMAND", dest="subcommand")
    recognize = commands.add_parser("recognize", help="understand recordings; one JSON object a line")
    _add_rest(recognize, "FILE", "WAV, FLAC or OGG/Opus; - reads WAV from standard input")
    add_grammar_options(recognize)
    add_model_option(recognize)
    recognize.add_argument("--depth", type=positive, metavar="N", help="turns of the encoder (default: all)")
    recognize.add_argument("--act", action="store_true", help="do what was said")
    recognize.set_defaults(run=_needing_rest(recognize, "FILE", later("recognize", "recognize")))
    _add_parse(commands)
    _add_listen(commands)
    _add_devices(commands)
    add_commands(commands)
    _add_actions(commands)
    _add_trust(commands)
    _add_models(commands)
    _add_bench(commands)
    return parser


class _Request(argparse.Action):
    """An option that is a command: a request is sent to the running program, and nothing is started."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, _values: object, _option: object = None) -> None:
        namespace.remote = self.const
        namespace.run = later("remote", "ask_running")


class _Rest(argparse.Action):
    """The positional arguments to recognise: recordings or words."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: object = None) -> None:
        namespace.rest = [*namespace.rest, *values]


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


def _add_parse(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parse = commands.add_parser("parse", help="understand typed text")
    _add_rest(parse, "TEXT", "what could be said; - reads sentences from standard input, one a line")
    add_grammar_options(parse)
    add_model_option(parse)
    parse.add_argument("--act", action="store_true", help="do what was typed")
    parse.set_defaults(run=_needing_rest(parse, "TEXT", later("recognize", "parse")))


def _add_listen(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listen = commands.add_parser("listen", help="understand the microphone until interrupted; one JSON object a line")
    listen.add_argument(
        "--device", metavar="NAME", help="microphone, or part of its name (default: that of the settings)"
    )
    listen.add_argument(
        "--mode",
        choices=("open", "wake"),
        help="whether everything can be a command or only what begins with the wake phrase of the settings"
        " (default: wake if the settings say so)",
    )
    listen.add_argument("--dry-run", action="store_true", help="only say what would be done")
    add_grammar_options(listen)
    add_model_option(listen)
    listen.set_defaults(run=later("listen", "listen"))


def _add_devices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    devices = commands.add_parser("devices", help="list the microphones, or test one")
    devices.add_argument("--test", action="store_true", help="listen for a few seconds and say how well it hears")
    devices.add_argument("--device", metavar="NAME", help="microphone to test (default: that of the settings)")
    devices.add_argument("--json", action="store_true")
    devices.set_defaults(run=later("devices", "show_devices"))


def _add_actions(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("actions", help="list what commands can run, and what of it works on this machine")
    kind = actions.add_mutually_exclusive_group()
    kind.add_argument("--json", action="store_true", help="one object a line")
    kind.add_argument("--markdown", action="store_true", help="the table of the documentation")
    actions.set_defaults(run=later("actions", "show_actions"))


def _add_trust(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("trust", help="what command files may run").add_subparsers(
        required=True, metavar="COMMAND"
    )
    listing = group.add_parser("list", help="what you have agreed to")
    listing.add_argument("--json", action="store_true", help="one object a line")
    listing.set_defaults(run=later("trust", "list_trust"))
    agree = group.add_parser("agree", help="be asked about everything that command files want to run")
    agree.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: those in use")
    agree.set_defaults(run=later("trust", "agree"))
    revoke = group.add_parser("revoke", help="take a consent back")
    revoke.add_argument("hash", help="the beginning of its hash, as listed; or all")
    revoke.set_defaults(run=later("trust", "revoke"))


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("models", help="work with model packs").add_subparsers(required=True, metavar="COMMAND")
    listing = group.add_parser("list", help="the installed packs")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=later("models", "list_packs"))
    install = group.add_parser("install", help="install a .vapack file")
    install.add_argument("file", type=Path)
    install.set_defaults(run=later("models", "install"))
    remove = group.add_parser("remove", help="remove an installed pack")
    remove.add_argument("name")
    remove.set_defaults(run=later("models", "remove"))


def _add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bench = commands.add_parser("bench", help="measure the packs on this machine, in fresh processes")
    bench.add_argument("packs", nargs="*", metavar="PACK", help="names or folders (default: all installed)")
    bench.add_argument("--json", action="store_true")
    bench.add_argument("--repeats", type=positive, default=5, help="fresh processes a pack (default: %(default)s)")
    bench.set_defaults(run=later("models", "bench"))
    probe = commands.add_parser("_probe")  # one measurement in this process; bench starts it
    probe.add_argument("rest", nargs="*")
    probe.set_defaults(run=later("models", "probe"))
    trial = commands.add_parser("_trial")  # a test of a pack in this process; installing one starts it
    trial.add_argument("rest", nargs="*")
    trial.set_defaults(run=later("models", "trial"))

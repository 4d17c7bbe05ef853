"""The argument parser of ``voiceassist``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voiceassist import __version__
from voiceassist.cli.commands.parser import COMMAND_GROUP
from voiceassist.cli.options import (
    COMMANDS,
    JSON_LINES,
    MODEL,
    Part,
    argument,
    command,
    group,
    later,
    one_flag_of,
    positive,
    runs,
)

_REQUESTS = {
    "toggle": "listen for a command; again: end it now",
    "hold": "listen until --release",
    "release": "end what --hold began",
    "cancel": "discard what is being said",
    "show": "show the window",
    "quit": "end the program",
}


class _Listed(dict[str, Any]):
    """Commands, of which a message about a wrong one lists those that are for people."""

    def __iter__(self) -> Iterator[str]:
        return (name for name in super().__iter__() if not name.startswith("_"))


class _Request(argparse.Action):
    """An option that is a command: a request is sent to the running program, and nothing is started."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, _values: object, _option: object = None) -> None:
        namespace.remote = self.const
        namespace.run = later("start", "ask_running")


class _Rest(argparse.Action):
    """The positional arguments to recognise: recordings or words."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: object = None) -> None:
        namespace.rest = [*namespace.rest, *values]


def _rest(metavar: str, help_text: str, module: str, function: str) -> Part:
    """The positional arguments, of which a command needs at least one, and its function."""
    run = later(module, function)

    def add(parser: argparse.ArgumentParser) -> None:
        def run_with_rest(options: argparse.Namespace) -> int:
            if not options.rest:
                parser.error(f"{metavar} is missing")
            return run(options)

        parser.add_argument("rest", nargs="*", action=_Rest, metavar=metavar, help=help_text)
        parser.set_defaults(rest=[], run=run_with_rest)

    return add


_COMMANDS = (
    command(
        "recognize",
        _rest("FILE", "WAV, FLAC or OGG/Opus; - reads standard input", "recognize", "recognize"),
        COMMANDS,
        MODEL,
        argument("--depth", type=positive, metavar="N", help="layers of the encoder to run (default: all)"),
        argument("--act", action="store_true", help="carry out what was said"),
        help="understand recordings; one JSON object per line",
    ),
    command(
        "parse",
        _rest("TEXT", "a command; - reads sentences from standard input, one per line", "recognize", "parse"),
        COMMANDS,
        MODEL,
        argument("--act", action="store_true", help="carry out what was typed"),
        help="understand typed text",
    ),
    command(
        "listen",
        argument("--device", metavar="NAME", help="microphone, or part of its name (default: that of the settings)"),
        argument(
            "--mode",
            choices=("open", "wake"),
            help="whether everything can be a command or only what begins with the wake phrase of the settings"
            " (default: wake if the settings say so)",
        ),
        argument("--dry-run", action="store_true", help="only print what would be done"),
        COMMANDS,
        MODEL,
        runs("listen", "listen"),
        help="understand the microphone until interrupted; one JSON object per line",
    ),
    command(
        "devices",
        argument("--test", action="store_true", help="record a few seconds and report how well it hears"),
        argument("--device", metavar="NAME", help="microphone to test (default: that of the settings)"),
        JSON_LINES,
        runs("devices", "show_devices"),
        help="list the microphones, or test one",
    ),
    COMMAND_GROUP,
    command(
        "actions",
        one_flag_of(json="one JSON object per line", markdown="the table of the documentation"),
        runs("actions", "show_actions"),
        help="list what commands can do, and which of it works on this machine",
    ),
    group(
        "trust",
        command("list", JSON_LINES, runs("trust", "list_trust"), help="what you have agreed to"),
        command(
            "agree",
            argument("files", nargs="*", type=Path, metavar="FILE", help="default: those in use"),
            runs("trust", "agree"),
            help="be asked about everything that command files want to run",
        ),
        command(
            "revoke",
            argument("hash", metavar="HASH", help="the beginning of its hash, as listed; or all"),
            runs("trust", "revoke"),
            help="withdraw a consent",
        ),
        help="what command files may run",
    ),
    group(
        "models",
        command("list", JSON_LINES, runs("models", "list_packs"), help="the installed packs"),
        command(
            "install",
            argument("file", type=Path, metavar="FILE.vapack"),
            runs("models", "install"),
            help="install a .vapack file",
        ),
        command("remove", argument("name", metavar="NAME"), runs("models", "remove"), help="remove an installed pack"),
        help="work with model packs",
    ),
    command(
        "bench",
        argument("packs", nargs="*", metavar="PACK", help="names or folders (default: all installed)"),
        JSON_LINES,
        argument("--repeats", type=positive, default=5, help="fresh processes per pack (default: %(default)s)"),
        runs("models", "bench"),
        help="measure the packs on this machine, in fresh processes",
    ),
    # One measurement, or one test of a pack, in this process; bench and the installation of a pack start them.
    command("_probe", argument("rest", nargs="*"), runs("models", "probe")),
    command("_trial", argument("rest", nargs="*"), runs("models", "trial")),
)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. Each command's module is imported only when that command runs."""
    parser = argparse.ArgumentParser(
        prog="voiceassist", description="Spoken commands on the laptop itself, offline.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"voiceassist {__version__}")
    parser.add_argument("--verbose", action="store_true", help="log details on standard error")
    parser.add_argument("--hidden", action="store_true", help="start in the tray instead of opening the window")
    parser.add_argument("--smoke-test", action="store_true", help="open the window, recognise a sample and exit")
    requests = parser.add_argument_group("the running voiceassist, for key bindings").add_mutually_exclusive_group()
    for verb, help_text in _REQUESTS.items():
        requests.add_argument(f"--{verb}", dest="remote", nargs=0, const=verb, action=_Request, help=help_text)
    parser.set_defaults(run=later("start", "start"), remote=None)
    commands = parser.add_subparsers(metavar="COMMAND", dest="subcommand")
    for add in _COMMANDS:
        add(commands)
    commands.choices = _Listed(commands.choices or {})
    return parser

"""Declarations of commands and their arguments, and those that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Part = Callable[[argparse.ArgumentParser], object]
"""Adds something to the parser of a command."""
Subparsers = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
Command = Callable[["Subparsers[argparse.ArgumentParser]"], object]
"""Adds a command to its group."""


def command(name: str, *parts: Part, **details: Any) -> Command:
    """A command with its arguments; ``details`` are those of ``add_parser``, such as ``help``."""

    def add(commands: Subparsers[argparse.ArgumentParser]) -> None:
        parser = commands.add_parser(name, **details)
        for part in parts:
            part(parser)

    return add


def group(name: str, *commands: Command, **details: Any) -> Command:
    """A command that consists of other commands."""

    def subcommands(parser: argparse.ArgumentParser) -> None:
        subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
        for add in commands:
            add(subparsers)

    return command(name, subcommands, **details)


def argument(*names: str, **details: Any) -> Part:
    """An argument, as ``add_argument`` takes it."""
    return lambda parser: parser.add_argument(*names, **details)


def one_flag_of(**help_texts: str) -> Part:
    """Flags that exclude each other, each with its help."""

    def add(parser: argparse.ArgumentParser) -> None:
        flags = parser.add_mutually_exclusive_group()
        for name, help_text in help_texts.items():
            flags.add_argument(f"--{name}", action="store_true", help=help_text)

    return add


def runs(module: str, function: str) -> Part:
    """The function of a command."""
    return lambda parser: parser.set_defaults(run=later(module, function))


def later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command, imported when it is called: a command loads only what it needs."""

    def run(options: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"voiceassist.cli.{module}"), function)(options)
        return status

    return run


class CommandFiles(argparse.Action):
    """``--commands a.yaml b.yaml x.wav y.wav``: the first other file name begins the positional arguments."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: object = None) -> None:
        files = [value for value in values if value.lower().endswith((".yaml", ".yml"))]
        others = [value for value in values if value not in files]
        if not files or (others and not hasattr(namespace, "rest")):
            raise argparse.ArgumentError(self, f"{others[0]!r} is not a YAML file")
        namespace.commands = [*(namespace.commands or []), *map(Path, files)]
        if others:
            namespace.rest = [*namespace.rest, *others]


def positive(text: str) -> int:
    """A whole number above 0."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return number


COMMANDS = argument(
    "--commands",
    nargs="+",
    action=CommandFiles,
    metavar="FILE.yaml",
    help="use these instead of the default commands",
)
MODEL = argument("--model", metavar="PACK", help="name or folder of a model pack (default: that of the settings)")
JSON_LINES = argument("--json", action="store_true", help="one JSON object per line")

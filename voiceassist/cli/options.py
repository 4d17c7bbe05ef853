"""Options that several subcommands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


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


def add_grammar_options(parser: argparse.ArgumentParser) -> None:
    """``--commands``."""
    parser.add_argument(
        "--commands",
        nargs="+",
        action=CommandFiles,
        metavar="FILE.yaml",
        help="use these instead of the default commands",
    )


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """``--model``."""
    parser.add_argument(
        "--model", metavar="PACK", help="name or folder of a model pack (default: that of the settings)"
    )


def positive(text: str) -> int:
    """A whole number above 0."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return number

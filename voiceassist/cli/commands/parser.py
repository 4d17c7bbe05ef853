"""The arguments of ``voiceassist commands``."""

from __future__ import annotations

import argparse
from pathlib import Path

from voiceassist.cli.options import add_grammar_options, add_model_option, later, positive

_CONFUSABLE = """\
Random sentences of each command are turned into the phone probabilities that the model is expected to give for
them, and the best sentence with another meaning is searched in these. The expected probabilities were measured on
held-out speech if the pack contains them, and are guessed from articulation otherwise. This is an estimate without
recordings: take it as a ranking. The margin tells by how much the right sentence wins, in nats; below 0 it loses.
With --audio the recordings of a folder are recognized instead.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the group."""
    group = commands.add_parser("commands", help="work with command files").add_subparsers(
        required=True, metavar="COMMAND"
    )
    check = group.add_parser(
        "check",
        help="check command files and report errors with their position",
        description="Without FILE: all command files in use. Errors give exit status 1; sentences with two meanings "
        "and other doubtful content are warnings.",
    )
    check.add_argument("files", nargs="*", type=Path, metavar="FILE")
    check.add_argument("--say", nargs="+", metavar="WORD", help="tell how words or names are thought to sound, instead")
    add_model_option(check)
    check.set_defaults(run=later("commands.check", "check"))
    listing = group.add_parser("list", help="list the intents with their action, file and an example")
    add_grammar_options(listing)
    listing.add_argument("--json", action="store_true", help="one JSON object per line")
    listing.set_defaults(run=later("commands.listing", "list_commands"))
    sample = group.add_parser("sample", help="print random sentences with their meaning; one JSON object per line")
    add_grammar_options(sample)
    sample.add_argument("--count", type=positive, default=10, metavar="N", help="how many (default: %(default)s)")
    sample.add_argument("--seed", type=int, metavar="N", help="makes the sentences reproducible")
    sample.add_argument("--intent", action="append", metavar="NAME", help="only this intent; may be repeated")
    sample.set_defaults(run=later("commands.listing", "sample"))
    _add_test(group)
    _add_import(group)
    _add_confusable(group)


def _add_test(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    test = group.add_parser(
        "test",
        help="run tests of commands; exit status 1 if one fails",
        description="FILE.yaml is a list of 'text:' (or 'audio:'), 'intent:' (null: must not match) and "
        "'slots:'; FILE.wav has its text, intent and slots in FILE.json beside it.",
    )
    test.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add_grammar_options(test)
    add_model_option(test)
    test.add_argument("--json", action="store_true", help="the whole report as one JSON object")
    test.set_defaults(run=later("commands.test", "test"))


def _add_import(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = group.add_parser(
        "import",
        help="convert a grammar of another program to a command file",
        description="What cannot be converted is listed on standard error, with its line.",
    )
    importing.add_argument(
        "source",
        type=Path,
        metavar="FILE",
        help="Rhino's .yml, sentences.ini of Rhasspy or voice2json, .jsgf, .talon, a Dragonfly or Caster .py, an "
        ".intent of Padatious, or a .json word list of vosk",
    )
    importing.add_argument("--output", type=Path, metavar="FILE.yaml", help="default: the user's commands folder")
    importing.add_argument("--force", action="store_true", help="overwrite the output")
    importing.set_defaults(run=later("commands.importing", "import_commands"))


def _add_confusable(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    confusable = group.add_parser(
        "confusable",
        help="find commands that sound alike to the model",
        description=_CONFUSABLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_grammar_options(confusable)
    add_model_option(confusable)
    confusable.add_argument(
        "--audio", type=Path, metavar="DIR", help="recordings, each with its text in a .json or .txt beside it"
    )
    confusable.add_argument("--count", type=positive, default=20, metavar="N", help="pairs (default: %(default)s)")
    confusable.add_argument(
        "--samples", type=positive, default=8, metavar="N", help="sentences an intent (default: %(default)s)"
    )
    confusable.add_argument("--seed", type=int, default=0, metavar="N", help="of the sentences (default: %(default)s)")
    confusable.add_argument("--json", action="store_true", help="one JSON object per line")
    confusable.set_defaults(run=later("commands.confusable", "confusable"))

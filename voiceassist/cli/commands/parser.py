"""The arguments of ``voiceassist commands``."""

from __future__ import annotations

import argparse
from pathlib import Path

from voiceassist.cli.options import COMMANDS, JSON_LINES, MODEL, argument, command, group, positive, runs

_CONFUSABLE = """\
Random sentences of each command are turned into the phone probabilities that the model is expected to give for
them, and the best sentence with another meaning is searched in these. The expected probabilities were measured on
held-out speech if the pack contains them, and are guessed from articulation otherwise. This is an estimate without
recordings: take it as a ranking. The margin tells by how much the right sentence wins, in nats; below 0 it loses.
With --audio the recordings of a folder are recognized instead.
"""

COMMAND_GROUP = group(
    "commands",
    command(
        "check",
        argument("files", nargs="*", type=Path, metavar="FILE"),
        argument("--say", nargs="+", metavar="WORD", help="print the pronunciations of words or names instead"),
        MODEL,
        runs("commands.check", "check"),
        help="check command files and report errors with their position",
        description="Without FILE: all command files in use. Errors give exit status 1; sentences with two meanings "
        "and other doubtful content are warnings.",
    ),
    command(
        "list",
        COMMANDS,
        JSON_LINES,
        runs("commands.listing", "list_commands"),
        help="list the intents with their action, file and an example",
    ),
    command(
        "sample",
        COMMANDS,
        argument("--count", type=positive, default=10, metavar="N", help="how many (default: %(default)s)"),
        argument("--seed", type=int, metavar="N", help="makes the sentences reproducible"),
        argument("--intent", action="append", metavar="NAME", help="only this intent; may be repeated"),
        runs("commands.listing", "sample"),
        help="print random sentences with their meaning; one JSON object per line",
    ),
    command(
        "test",
        argument("files", nargs="+", type=Path, metavar="FILE"),
        COMMANDS,
        MODEL,
        argument("--json", action="store_true", help="the whole report as one JSON object"),
        runs("commands.test", "test"),
        help="run tests of commands; exit status 1 if one fails",
        description="FILE.yaml is a list of 'text:' (or 'audio:'), 'intent:' (null: must not match) and "
        "'slots:'; FILE.wav has its text, intent and slots in FILE.json beside it.",
    ),
    command(
        "import",
        argument(
            "source",
            type=Path,
            metavar="FILE",
            help="Rhino's .yml, sentences.ini of Rhasspy or voice2json, .jsgf, .talon, a Dragonfly or Caster .py, an "
            ".intent of Padatious, or a .json word list of vosk",
        ),
        argument("--output", type=Path, metavar="FILE.yaml", help="default: the user's commands folder"),
        argument("--force", action="store_true", help="overwrite the output"),
        runs("commands.importing", "import_commands"),
        help="convert a grammar of another program to a command file",
        description="What cannot be converted is listed on standard error, with its line.",
    ),
    command(
        "confusable",
        COMMANDS,
        MODEL,
        argument(
            "--audio", type=Path, metavar="DIR", help="recordings, each with its text in a .json or .txt beside it"
        ),
        argument("--count", type=positive, default=20, metavar="N", help="pairs (default: %(default)s)"),
        argument(
            "--samples", type=positive, default=8, metavar="N", help="sentences per intent (default: %(default)s)"
        ),
        argument("--seed", type=int, default=0, metavar="N", help="of the sentences (default: %(default)s)"),
        JSON_LINES,
        runs("commands.confusable", "confusable"),
        help="find commands that sound alike to the model",
        description=_CONFUSABLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ),
    help="work with command files",
)
